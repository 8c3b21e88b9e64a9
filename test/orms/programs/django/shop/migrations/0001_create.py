import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('tenant_id', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=100)),
                ('visits', models.IntegerField(default=0)),
                ('email', models.CharField(max_length=191, null=True)),
                ('phone', models.CharField(max_length=32, null=True)),
                ('bio', models.TextField(null=True)),
                ('photo', models.BinaryField(null=True)),
                ('legacy', models.CharField(max_length=20, null=True)),
                ('created_at', models.DateTimeField()),
                ('deleted_at', models.DateTimeField(null=True)),
            ],
            options={'db_table': 'users'},
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('tenant_id', models.CharField(max_length=64)),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField(null=True)),
                ('likes', models.IntegerField(default=0)),
                (
                    'author',
                    models.ForeignKey(
                        db_column='user_id',
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name='posts',
                        to='shop.user',
                    ),
                ),
            ],
            options={'db_table': 'posts'},
        ),
    ]
