class ChangeTables < ActiveRecord::Migration[6.1]
  def change
    add_column :users, :city, :string, limit: 50
    add_column :users, :age, :integer
    rename_column :users, :visits, :logins
    remove_column :users, :legacy, :string, limit: 20
    add_index :users, %i[tenant_id email], unique: true, name: 'users_tenant_email'
    add_index :posts, :title, name: 'posts_title'
    change_column_null :users, :phone, true
    change_column_default :posts, :title, from: nil, to: 'untitled'
  end
end
