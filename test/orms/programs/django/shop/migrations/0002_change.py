from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('shop', '0001_create')]

    operations = [
        migrations.AddField('user', 'city', models.CharField(max_length=50, null=True)),
        migrations.AddField('user', 'age', models.IntegerField(null=True)),
        migrations.RenameField('user', 'visits', 'logins'),
        migrations.RemoveField('user', 'legacy'),
        migrations.AddConstraint(
            'user', models.UniqueConstraint(fields=['tenant_id', 'email'], name='users_tenant_email')
        ),
        migrations.AddIndex('post', models.Index(fields=['title'], name='posts_title')),
    ]
