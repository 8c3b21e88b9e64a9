// The tables of the scenario, for ORMs whose migrations are not run through the proxy, and the proxy's configuration.

/** Declared types that ORMs choose differently; the defaults are in `TYPES`. */
export interface ProtectedTypes {
  readonly email: string;
  readonly phone: string;
  readonly bio: string;
  readonly photo: string;
  readonly age: string;
  readonly body: string;
}

export const TYPES: ProtectedTypes = {
  email: 'varchar(191)',
  phone: 'varchar(32)',
  bio: 'text',
  photo: 'blob',
  age: 'int',
  body: 'text',
};

/** Protected columns of a table: logical name and where the ciphertext lies. */
export const PROTECTED = {
  users: [
    { logical: 'email', physical: 'encrypted_email' },
    { logical: 'phone', physical: 'phone' },
    { logical: 'bio', physical: 'encrypted_bio' },
    { logical: 'photo', physical: 'encrypted_photo' },
    { logical: 'age', physical: 'encrypted_age' },
  ],
  posts: [{ logical: 'body', physical: 'body' }],
} as const;

/**
 * The `tables` section of a schema.
 * @param collation what the ORM's own definitions say for text; null: nothing
 */
export function protect(
  schema: string,
  types: ProtectedTypes,
  collation: string | null,
): Record<string, unknown> {
  const text = (type: string): object => (collation === null ? { type } : { type, collation });
  return {
    [`${schema}.users`]: {
      tenantColumn: 'tenant_id',
      columns: {
        email: { column: 'encrypted_email', ...text(types.email), equality: 'exact' },
        phone: text(types.phone),
        bio: { column: 'encrypted_bio', ...text(types.bio) },
        photo: { column: 'encrypted_photo', type: types.photo },
        age: { column: 'encrypted_age', type: types.age },
      },
    },
    [`${schema}.posts`]: { tenantColumn: 'tenant_id', columns: { body: text(types.body) } },
  };
}

/** The tables as the application believes them to be. */
export function plainTables(schema: string, types: ProtectedTypes): readonly string[] {
  return tables(
    schema,
    [
      `email ${types.email}`,
      `phone ${types.phone}`,
      `bio ${types.bio}`,
      `photo ${types.photo}`,
      `age ${types.age}`,
    ],
    'email',
    `body ${types.body}`,
  );
}

/** The same tables as they lie in the database. */
export function protectedTables(schema: string): readonly string[] {
  return tables(
    schema,
    [
      'encrypted_email VARBINARY(784)',
      'phone VARBINARY(144)',
      'encrypted_bio MEDIUMBLOB',
      'encrypted_photo MEDIUMBLOB',
      'encrypted_age VARBINARY(32)',
    ],
    'encrypted_email',
    'body MEDIUMBLOB',
  );
}

function tables(schema: string, columns: readonly string[], email: string, body: string): readonly string[] {
  return [
    `CREATE TABLE ${schema}.users (
      id INT PRIMARY KEY AUTO_INCREMENT,
      tenant_id VARCHAR(64) NOT NULL,
      name VARCHAR(100) NOT NULL,
      city VARCHAR(50),
      logins INT NOT NULL DEFAULT 0,
      ${columns.join(',\n      ')},
      created_at DATETIME(3) NOT NULL,
      deleted_at DATETIME(3),
      UNIQUE KEY users_tenant_email (tenant_id, ${email})
    ) DEFAULT CHARSET utf8mb4`,
    `CREATE TABLE ${schema}.posts (
      id INT PRIMARY KEY AUTO_INCREMENT,
      tenant_id VARCHAR(64) NOT NULL,
      user_id INT NOT NULL,
      title VARCHAR(200) NOT NULL,
      ${body},
      likes INT NOT NULL DEFAULT 0,
      CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    ) DEFAULT CHARSET utf8mb4`,
  ];
}
