import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import DATETIME

revision = '01'
down_revision = None
TABLE = {'mysql_default_charset': 'utf8mb4', 'mysql_engine': 'InnoDB'}


def upgrade():
    op.create_table(
        'users',
        sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('tenant_id', sa.String(64), nullable=False),
        sa.Column('name', sa.String(100), nullable=False),
        sa.Column('visits', sa.Integer, nullable=False, server_default='0'),
        sa.Column('email', sa.String(191)),
        sa.Column('phone', sa.String(32)),
        sa.Column('bio', sa.Text),
        sa.Column('photo', sa.LargeBinary),
        sa.Column('legacy', sa.String(20)),
        sa.Column('created_at', DATETIME(fsp=3), nullable=False),
        sa.Column('deleted_at', DATETIME(fsp=3)),
        **TABLE,
    )
    op.create_table(
        'posts',
        sa.Column('id', sa.Integer, primary_key=True),
        sa.Column('tenant_id', sa.String(64), nullable=False),
        sa.Column('user_id', sa.Integer, nullable=False),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column('body', sa.Text),
        sa.Column('likes', sa.Integer, nullable=False, server_default='0'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='posts_user', ondelete='CASCADE'),
        **TABLE,
    )


def downgrade():
    op.drop_table('posts')
    op.drop_table('users')
