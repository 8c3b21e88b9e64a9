<?php
// Two releases' migrations, as a Laravel application has them in database/migrations.
use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

class CreateTables extends Migration
{
    public function up()
    {
        Schema::create('users', function (Blueprint $table) {
            $table->increments('id');
            $table->string('tenant_id', 64);
            $table->string('name', 100);
            $table->integer('visits')->default(0);
            $table->string('email', 191)->nullable();
            $table->string('phone', 32)->nullable();
            $table->text('bio')->nullable();
            $table->binary('photo')->nullable();
            $table->string('legacy', 20)->nullable();
            $table->dateTime('created_at', 3);
            $table->softDeletes('deleted_at', 3);
        });
        Schema::create('posts', function (Blueprint $table) {
            $table->increments('id');
            $table->string('tenant_id', 64);
            $table->foreignId('user_id')->unsigned();
            $table->string('title', 200);
            $table->text('body')->nullable();
            $table->integer('likes')->default(0);
        });
    }

    public function down()
    {
        Schema::dropIfExists('posts');
        Schema::dropIfExists('users');
    }
}

class ChangeTables extends Migration
{
    public function up()
    {
        Schema::table('users', function (Blueprint $table) {
            $table->string('city', 50)->nullable()->after('name');
            $table->integer('age')->nullable();
            $table->dropColumn('legacy');
            $table->unique(['tenant_id', 'email'], 'users_tenant_email');
        });
        Schema::table('posts', function (Blueprint $table) {
            $table->index('title', 'posts_title');
        });
    }

    public function down()
    {
    }
}
