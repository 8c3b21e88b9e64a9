import sqlalchemy as sa
from alembic import op

revision = '02'
down_revision = '01'


def upgrade():
    op.add_column('users', sa.Column('city', sa.String(50)))
    op.add_column('users', sa.Column('age', sa.Integer))
    op.alter_column(
        'users', 'visits', new_column_name='logins', existing_type=sa.Integer, existing_nullable=False,
        existing_server_default='0',
    )
    op.drop_column('users', 'legacy')
    op.create_unique_constraint('users_tenant_email', 'users', ['tenant_id', 'email'])
    op.create_index('posts_title', 'posts', ['title'])


def downgrade():
    op.drop_index('posts_title', 'posts')
