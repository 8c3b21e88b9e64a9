from django.db import models


class Present(models.Manager):
    """Without what is softly deleted."""

    def get_queryset(self):
        return super().get_queryset().filter(deleted_at=None)


class User(models.Model):
    id = models.AutoField(primary_key=True)
    tenant_id = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    logins = models.IntegerField(default=0)
    email = models.CharField(max_length=191, null=True)
    phone = models.CharField(max_length=32, null=True)
    bio = models.TextField(null=True)
    photo = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)
    city = models.CharField(max_length=50, null=True)
    age = models.IntegerField(null=True)

    objects = Present()
    all_objects = models.Manager()

    class Meta:
        db_table = 'users'
        constraints = [models.UniqueConstraint(fields=['tenant_id', 'email'], name='users_tenant_email')]


class Post(models.Model):
    id = models.AutoField(primary_key=True)
    tenant_id = models.CharField(max_length=64)
    author = models.ForeignKey(User, on_delete=models.CASCADE, db_column='user_id', related_name='posts')
    title = models.CharField(max_length=200)
    body = models.TextField(null=True)
    likes = models.IntegerField(default=0)

    class Meta:
        db_table = 'posts'
        indexes = [models.Index(fields=['title'], name='posts_title')]
