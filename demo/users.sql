-- The users table: one table for all tenants, e-mail and phone as ciphertext of AES_ENCRYPT.
CREATE TABLE users (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id VARCHAR(64) NOT NULL,
  username VARCHAR(64) NOT NULL,
  encrypted_email VARBINARY(1040),
  encrypted_phone VARBINARY(144),
  created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  KEY tenant (tenant_id, id),
  KEY email (encrypted_email(64))
) CHARACTER SET utf8mb4;
