import { Migration, Migrator } from '@mikro-orm/migrations';
import { step } from '../common/scenario.mjs';

class Create extends Migration {
  async up() {
    this.addSql(
      'create table `users` (`id` int not null auto_increment primary key, `tenant_id` varchar(64) not null, `name` varchar(100) not null, `visits` int not null default 0, `email` varchar(191) null, `phone` varchar(32) null, `bio` text null, `photo` blob null, `legacy` varchar(20) null, `created_at` datetime(3) not null, `deleted_at` datetime(3) null) default character set utf8mb4 engine = InnoDB',
    );
    this.addSql(
      'create table `posts` (`id` int not null auto_increment primary key, `tenant_id` varchar(64) not null, `user_id` int not null, `title` varchar(200) not null, `body` text null, `likes` int not null default 0) default character set utf8mb4 engine = InnoDB',
    );
    this.addSql('alter table `posts` add index `posts_user_id_index`(`user_id`)');
    this.addSql(
      'alter table `posts` add constraint `posts_user_id_foreign` foreign key (`user_id`) references `users` (`id`) on update cascade on delete cascade',
    );
  }
}

class Change extends Migration {
  async up() {
    this.addSql('alter table `users` add `city` varchar(50) null, add `age` int null');
    this.addSql('alter table `users` change `visits` `logins` int not null default 0');
    this.addSql('alter table `users` drop column `legacy`');
    this.addSql('alter table `users` add unique `users_tenant_email`(`tenant_id`, `email`)');
    this.addSql('alter table `posts` add index `posts_title`(`title`)');
  }
}

/** Migrations as the generator writes them; then what the generator would write now. */
export async function migrations(connect) {
  const orm = await connect({
    extensions: [Migrator],
    migrations: {
      migrationsList: [
        { name: '01-create', class: Create },
        { name: '02-change', class: Change },
      ],
      snapshot: false,
    },
  });
  const migrator = orm.getMigrator();
  const names = (done) => done.map(({ name }) => name);
  await step('create tables', async () => names(await migrator.up({ to: '01-create' })));
  await step('change tables', async () => names(await migrator.up()));
  await step('introspect', async () => {
    const { DatabaseSchema } = await import('@mikro-orm/knex');
    const schema = await DatabaseSchema.create(orm.em.getConnection(), orm.em.getPlatform(), orm.config);
    return schema
      .getTables()
      .filter(({ name }) => name !== 'mikro_orm_migrations')
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((table) => ({
        name: table.name,
        columns: table
          .getColumns()
          .map(({ name, type, nullable, length, precision, default: value, autoincrement }) => [
            ...[name, type, nullable, length, precision, value, autoincrement],
          ])
          .sort((a, b) => (a[0] < b[0] ? -1 : 1)),
        indexes: table.getIndexes().map(({ keyName, columnNames, unique }) => [keyName, columnNames, unique]),
        keys: Object.values(table.getForeignKeys()).map(({ constraintName, columnNames, deleteRule }) => [
          ...[constraintName, columnNames, deleteRule],
        ]),
      }));
  });
  await step('nothing left to do', async () => [
    names(await migrator.getPendingMigrations()),
    await migrator.checkMigrationNeeded(),
    await orm.schema.getUpdateSchemaSQL({ wrap: false, dropTables: false }),
  ]);
  await orm.close();
}
