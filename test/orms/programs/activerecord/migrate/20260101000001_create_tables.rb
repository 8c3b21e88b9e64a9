class CreateTables < ActiveRecord::Migration[6.1]
  def change
    create_table :users, id: :integer do |t|
      t.string :tenant_id, limit: 64, null: false
      t.string :name, limit: 100, null: false
      t.integer :visits, null: false, default: 0
      t.string :email, limit: 191
      t.string :phone, limit: 32
      t.text :bio
      t.binary :photo
      t.string :legacy, limit: 20
      t.datetime :created_at, precision: 3, null: false
      t.datetime :deleted_at, precision: 3
    end
    create_table :posts, id: :integer do |t|
      t.string :tenant_id, limit: 64, null: false
      t.references :user, type: :integer, null: false, foreign_key: { name: 'posts_user', on_delete: :cascade }
      t.string :title, limit: 200, null: false
      t.text :body
      t.integer :likes, null: false, default: 0
    end
  end
end
