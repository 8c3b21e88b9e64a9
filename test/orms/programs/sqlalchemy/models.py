from sqlalchemy import DateTime, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

TABLE = {'mysql_default_charset': 'utf8mb4', 'mysql_engine': 'InnoDB'}
MILLISECONDS = DateTime().with_variant(DATETIME(fsp=3), 'mysql', 'mariadb')


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = 'users'
    __table_args__ = (UniqueConstraint('tenant_id', 'email', name='users_tenant_email'), TABLE)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    logins: Mapped[int] = mapped_column(Integer, default=0, server_default='0')
    email: Mapped[str | None] = mapped_column(String(191))
    phone: Mapped[str | None] = mapped_column(String(32))
    bio: Mapped[str | None] = mapped_column(Text)
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[object] = mapped_column(MILLISECONDS)
    deleted_at: Mapped[object | None] = mapped_column(MILLISECONDS, nullable=True)
    city: Mapped[str | None] = mapped_column(String(50))
    age: Mapped[int | None] = mapped_column(Integer)
    posts: Mapped[list['Post']] = relationship(back_populates='author', order_by='Post.id')


class Post(Base):
    __tablename__ = 'posts'
    __table_args__ = (Index('posts_title', 'title'), TABLE)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    tenant_id: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey('users.id', name='posts_user', ondelete='CASCADE'))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(Text)
    likes: Mapped[int] = mapped_column(Integer, default=0, server_default='0')
    author: Mapped[User] = relationship(back_populates='posts')
