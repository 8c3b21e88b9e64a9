// Hibernate ORM: entities, schema update and validation, HQL, criteria, stateless sessions.
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import jakarta.persistence.*;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.*;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.hibernate.Hibernate;
import org.hibernate.LockMode;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.MetadataSources;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.query.criteria.HibernateCriteriaBuilder;

@Entity(name = "User")
@Table(name = "users", uniqueConstraints = @UniqueConstraint(name = "users_tenant_email", columnNames = {"tenant_id", "email"}))
class User {
  @Id @GeneratedValue(strategy = GenerationType.IDENTITY) Integer id;
  @Column(name = "tenant_id", length = 64, nullable = false) String tenantId;
  @Column(length = 100, nullable = false) String name;
  @Column(length = 50) String city;
  @Column(nullable = false, columnDefinition = "int not null default 0") int logins;
  @Column(length = 191) String email;
  @Column(length = 32) String phone;
  @Column(columnDefinition = "text") String bio;
  @Column(columnDefinition = "blob") byte[] photo;
  Integer age;
  @Column(name = "created_at", columnDefinition = "datetime(3) not null") LocalDateTime createdAt;
  @Column(name = "deleted_at", columnDefinition = "datetime(3)") LocalDateTime deletedAt;
  @OneToMany(mappedBy = "author", cascade = CascadeType.PERSIST) @OrderBy("id") List<Post> posts = new ArrayList<>();
}

@Entity(name = "Post")
@Table(name = "posts", indexes = @Index(name = "posts_title", columnList = "title"))
class Post {
  @Id @GeneratedValue(strategy = GenerationType.IDENTITY) Integer id;
  @Column(name = "tenant_id", length = 64, nullable = false) String tenantId;
  @ManyToOne(fetch = FetchType.LAZY, optional = false)
  @JoinColumn(name = "user_id", foreignKey = @ForeignKey(name = "posts_user")) User author;
  @Column(length = 200, nullable = false) String title;
  @Column(columnDefinition = "text") String body;
  @Column(nullable = false, columnDefinition = "int not null default 0") int likes;
}

/** The users of the first release. */
@Entity(name = "FirstUser")
@Table(name = "users")
class FirstUser {
  @Id @GeneratedValue(strategy = GenerationType.IDENTITY) Integer id;
  @Column(name = "tenant_id", length = 64, nullable = false) String tenantId;
  @Column(length = 100, nullable = false) String name;
  @Column(nullable = false, columnDefinition = "int not null default 0") int visits;
  @Column(length = 191) String email;
  @Column(length = 32) String phone;
  @Column(columnDefinition = "text") String bio;
  @Column(columnDefinition = "blob") byte[] photo;
  @Column(length = 20) String legacy;
  @Column(name = "created_at", columnDefinition = "datetime(3) not null") LocalDateTime createdAt;
  @Column(name = "deleted_at", columnDefinition = "datetime(3)") LocalDateTime deletedAt;
}

@Entity(name = "FirstPost")
@Table(name = "posts")
class FirstPost {
  @Id @GeneratedValue(strategy = GenerationType.IDENTITY) Integer id;
  @Column(name = "tenant_id", length = 64, nullable = false) String tenantId;
  @ManyToOne(optional = false) @JoinColumn(name = "user_id", foreignKey = @ForeignKey(name = "posts_user")) FirstUser author;
  @Column(length = 200, nullable = false) String title;
  @Column(columnDefinition = "text") String body;
  @Column(nullable = false, columnDefinition = "int not null default 0") int likes;
}

public class Main {
  static final Gson JSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  static final String TENANT = System.getenv("TENANT");
  static final boolean MARIADB = "mariadb".equals(System.getenv("DB_SERVER"));
  static final String LONG_TEXT = "zq9 0123'4\"5\\6\n7é8😀9".repeat(900);
  static final List<User> people = new ArrayList<>();
  static final Map<String, String> emailOf = new HashMap<>();
  static Data data;
  static SessionFactory factory;

  static class Data {
    List<Map<String, Object>> people;
    List<Map<String, Object>> posts;
  }

  public static void main(String[] args) throws Exception {
    java.util.logging.LogManager.getLogManager().reset();
    System.setOut(new java.io.PrintStream(System.out, true, "UTF-8"));
    data = JSON.fromJson(Files.readString(Path.of(System.getenv("ORM_DATA"))), Data.class);
    for (Map<String, Object> raw : data.people) {
      User user = person((String) raw.get("name"), (String) raw.get("email"));
      user.city = (String) raw.get("city");
      user.phone = (String) raw.get("phone");
      user.bio = (String) raw.get("bio");
      user.photo = raw.get("photo") == null ? null : HexFormat.of().parseHex((String) raw.get("photo"));
      user.age = raw.get("age") == null ? null : ((Double) raw.get("age")).intValue();
      user.createdAt = LocalDateTime.ofInstant(Instant.parse((String) raw.get("createdAt")), ZoneOffset.UTC);
      people.add(user);
      emailOf.put(user.name, user.email);
    }
    String phase = args[args.length - 1];
    if (phase.equals("migrate")) {
      migrate();
      System.exit(0);
    }
    factory = metadata("none", User.class, Post.class).buildSessionFactory();
    sayVersions();
    switch (phase) {
      case "suite" -> suite();
      case "other" -> other();
      case "again" -> again();
      default -> throw new IllegalArgumentException(phase);
    }
    System.exit(0);
  }

  static Metadata metadata(String schema, Class<?>... entities) {
    String url = (MARIADB ? "jdbc:mariadb://" : "jdbc:mysql://") + System.getenv("DB_HOST") + ":" + System.getenv("DB_PORT")
        + "/" + System.getenv("DB_NAME") + (MARIADB ? "?sslMode=disable" : "?sslMode=DISABLED&connectionTimeZone=UTC");
    Map<String, Object> settings = new HashMap<>();
    settings.put("jakarta.persistence.jdbc.url", url);
    settings.put("jakarta.persistence.jdbc.user", System.getenv("DB_USER"));
    settings.put("jakarta.persistence.jdbc.password", System.getenv("DB_PASSWORD"));
    settings.put("hibernate.connection.pool_size", 2);
    settings.put("hibernate.jdbc.batch_size", 20);
    settings.put("hibernate.jdbc.time_zone", "UTC");
    settings.put("hibernate.hbm2ddl.auto", schema);
    settings.put("hibernate.hbm2ddl.halt_on_error", true);
    var sources = new MetadataSources(new StandardServiceRegistryBuilder().applySettings(settings).build());
    for (Class<?> entity : entities) sources.addAnnotatedClass(entity);
    return sources.buildMetadata();
  }

  static void sayVersions() throws Exception {
    String driver = factory.fromSession(session -> session.doReturningWork(connection ->
        connection.getMetaData().getDriverName() + " " + connection.getMetaData().getDriverVersion().replaceAll(".*?(\\d+\\.\\d+\\.\\d+).*", "$1")));
    System.out.println(JSON.toJson(Map.of("version", org.hibernate.Version.getVersionString(), "driver", driver)));
  }

  // What the scenario is written with.

  static User person(String name, String email) {
    User user = new User();
    user.tenantId = TENANT;
    user.name = name;
    user.email = email;
    user.createdAt = LocalDateTime.of(2026, 2, 1, 0, 0);
    return user;
  }

  static User with(User user, Consumer<User> change) {
    change.accept(user);
    return user;
  }

  static Object view(User user) {
    if (user == null) return null;
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("id", user.id);
    shown.put("tenant", user.tenantId);
    shown.put("name", user.name);
    shown.put("city", user.city);
    shown.put("logins", user.logins);
    shown.put("email", user.email);
    shown.put("phone", user.phone);
    shown.put("bio", user.bio);
    shown.put("photo", user.photo == null ? null : HexFormat.of().formatHex(user.photo));
    shown.put("age", user.age);
    shown.put("createdAt", user.createdAt.toString());
    shown.put("deleted", user.deletedAt != null);
    return shown;
  }

  static List<Object> views(List<User> users) {
    return users.stream().map(Main::view).toList();
  }

  static void step(String name, Callable<Object> work) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", name);
    try {
      line.put("result", work.call());
    } catch (Throwable error) {
      StringBuilder text = new StringBuilder();
      for (Throwable cause = error; cause != null; cause = cause.getCause()) text.append(" <- ").append(cause);
      line.put("error", text.substring(0, Math.min(1500, text.length())));
    }
    System.out.println(JSON.toJson(line));
  }

  static <T> T read(Function<Session, T> work) {
    return factory.fromSession(work::apply);
  }

  static <T> T write(Function<Session, T> work) {
    return factory.fromTransaction(work::apply);
  }

  static List<User> users(Session session, String where, Object... values) {
    var query = session.createSelectionQuery("from User u where " + where, User.class);
    for (int i = 0; i < values.length; i++) query.setParameter(i + 1, values[i]);
    return query.getResultList();
  }

  static User user(Session session, String where, Object... values) {
    List<User> found = users(session, where, values);
    return found.isEmpty() ? null : found.get(0);
  }

  static List<Object> rows(Session session, String hql, Object... values) {
    var query = session.createSelectionQuery(hql, Object[].class);
    for (int i = 0; i < values.length; i++) query.setParameter(i + 1, values[i]);
    return query.getResultList().stream().map(row -> (Object) Arrays.asList(row)).toList();
  }

  static <T> List<T> values(Session session, Class<T> type, String hql, Object... values) {
    var query = session.createSelectionQuery(hql, type);
    for (int i = 0; i < values.length; i++) query.setParameter(i + 1, values[i]);
    return query.getResultList();
  }

  static int change(Session session, String hql, Object... values) {
    var query = session.createMutationQuery(hql);
    for (int i = 0; i < values.length; i++) query.setParameter(i + 1, values[i]);
    return query.executeUpdate();
  }

  // The steps.

  /** Starts Hibernate with `hbm2ddl.auto=update`. @return the DDL that it logs */
  static List<String> update(Class<?>... entities) {
    List<String> statements = new ArrayList<>();
    Logger logger = Logger.getLogger("org.hibernate.SQL");
    Handler handler = new Handler() {
      @Override public void publish(LogRecord record) {
        if (record.getMessage().strip().matches("(?is)(create|alter|drop) .*")) statements.add(record.getMessage().strip());
      }
      @Override public void flush() {}
      @Override public void close() {}
    };
    logger.setLevel(Level.FINE);
    logger.addHandler(handler);
    metadata("update", entities).buildSessionFactory().close();
    logger.removeHandler(handler);
    return statements;
  }

  static void migrate() throws Exception {
    step("create tables", () -> update(FirstUser.class, FirstPost.class));
    factory = metadata("none", User.class, Post.class).buildSessionFactory();
    sayVersions();
    // Update only adds: what is renamed and dropped is written by hand.
    step("change tables", () -> {
      write(session -> session.createNativeMutationQuery("ALTER TABLE users RENAME COLUMN visits TO logins").executeUpdate());
      write(session -> session.createNativeMutationQuery("ALTER TABLE users DROP COLUMN legacy").executeUpdate());
      return update(User.class, Post.class);
    });
    step("introspect", () -> read(session -> session.doReturningWork(connection -> {
      List<Object> found = new ArrayList<>();
      var metaData = connection.getMetaData();
      for (String table : List.of("users", "posts")) {
        try (var columns = metaData.getColumns(connection.getCatalog(), null, table, "%")) {
          while (columns.next()) {
            found.add(Arrays.asList(columns.getString("COLUMN_NAME"), columns.getInt("DATA_TYPE"), columns.getString("TYPE_NAME"),
                columns.getInt("COLUMN_SIZE"), columns.getString("IS_NULLABLE"), columns.getString("COLUMN_DEF")));
          }
        }
        try (var indexes = metaData.getIndexInfo(connection.getCatalog(), null, table, false, true)) {
          while (indexes.next()) {
            found.add(Arrays.asList(indexes.getString("INDEX_NAME"), indexes.getString("COLUMN_NAME"), indexes.getBoolean("NON_UNIQUE")));
          }
        }
        try (var keys = metaData.getImportedKeys(connection.getCatalog(), null, table)) {
          while (keys.next()) found.add(Arrays.asList(keys.getString("FK_NAME"), keys.getString("FKCOLUMN_NAME"), keys.getString("PKTABLE_NAME")));
        }
      }
      return (Object) found;
    })));
    step("nothing left to do", () -> {
      metadata("validate", User.class, Post.class).buildSessionFactory().close();
      return update(User.class, Post.class);
    });
  }

  static void suite() {
    step("create", () -> write(session -> {
      session.persist(people.get(0));
      return view(people.get(0));
    }));
    step("bulk create", () -> {
      write(session -> {
        people.subList(1, 4).forEach(session::persist);
        return null;
      });
      try (StatelessSession session = factory.openStatelessSession()) {
        session.beginTransaction();
        session.insertMultiple(people.subList(4, people.size()));
        session.getTransaction().commit();
      }
      return read(session -> views(users(session, "true order by id")));
    });
    step("find by id", () -> read(session -> view(session.find(User.class, 1))));
    step("find by protected value", () -> read(session -> Arrays.asList(
        view(user(session, "email = ?1", "grace.zq9@example.com")), view(user(session, "email = ?1", "nobody@example.com")))));
    step("LIKE", () -> read(session -> List.of(
        values(session, String.class, "select email from User where email like ?1 order by email", "%@example.com"),
        values(session, String.class, "select email from User where email ilike ?1 order by email", "%@EXAMPLE.COM"))));
    step("IN", () -> read(session -> values(session, String.class, "select name from User where email in ?1 order by id",
        List.of("bjork.zq9@example.org", "linus.zq9@example.net", "nobody@example.com"))));
    step("range and order", () -> read(session -> {
      HibernateCriteriaBuilder builder = factory.getCriteriaBuilder();
      var query = builder.createQuery(User.class);
      var root = query.from(User.class);
      query.where(builder.between(root.get("age"), 56, 79)).orderBy(builder.desc(root.get("age")));
      return session.createSelectionQuery(query).getResultList().stream().map(each -> List.of(each.name, each.age)).toList();
    }));
    step("IS NULL", () -> read(session -> values(session, String.class, "select name from User where phone is null")));
    step("update one", () -> {
      write(session -> {
        User linus = user(session, "name = ?1", "Linus");
        linus.phone = "+358 zq9 44";
        linus.age = 57;
        return null;
      });
      return read(session -> view(user(session, "name = ?1", "Linus")));
    });
    step("update where", () -> Arrays.asList(
        write(session -> change(session, "update User set city = 'Cambridge', bio = 'zq9 changed' where email = ?1", "ada.zq9@example.com")),
        read(session -> view(session.find(User.class, 1)))));
    step("increment", () -> {
      write(session -> change(session, "update User set logins = logins + ?1 where id = 1", 3));
      return read(session -> session.find(User.class, 1).logins);
    });
    step("increment protected", () -> {
      write(session -> change(session, "update User set age = age + ?1 where name = 'Linus'", 2));
      return read(session -> user(session, "name = ?1", "Linus").age);
    });
    step("delete", () -> {
      write(session -> {
        session.persist(person("Isaac", "isaac.zq9@example.com"));
        return null;
      });
      return List.of(
          write(session -> change(session, "delete from User where email = ?1", "isaac.zq9@example.com")),
          read(session -> values(session, Long.class, "select count(*) from User")));
    });
    step("soft delete", () -> {
      write(session -> change(session, "update User set deletedAt = ?1 where email = ?2", people.get(0).createdAt, "zoe.zq9@example.com"));
      Object left = read(session -> values(session, String.class, "select email from User where deletedAt is null order by email"));
      write(session -> change(session, "update User set deletedAt = null where email = ?1", "zoe.zq9@example.com"));
      return List.of(left, read(session -> values(session, Long.class, "select count(*) from User where deletedAt is null")));
    });
    relations();
    step("page", () -> read(session -> {
      var query = session.createSelectionQuery("from User order by email", User.class);
      return List.of(query.getResultCount(), views(query.setFirstResult(2).setMaxResults(2).getResultList()));
    }));
    step("keyset", () -> read(session -> values(session, String.class,
        "select email from User where (email, id) > (?1, 0) order by email, id limit 3", "bjork.zq9@example.org")));
    transactions();
    valueSteps();
    step("upsert", () -> {
      for (User each : List.of(
          with(person("Grace H.", "grace.zq9@example.com"), u -> { u.phone = "+1 zq9 22"; u.age = 86; }),
          with(person("Newton", "newton.zq9@example.com"), u -> u.phone = "+44 zq9 7"))) {
        write(session -> session.createMutationQuery(
                "insert into User (tenantId, name, email, phone, age, logins, createdAt) values (:tenant, :name, :email, :phone, :age, 0, :at)"
                    + " on conflict (tenantId, email) do update set name = excluded.name, phone = excluded.phone, age = excluded.age")
            .setParameter("tenant", each.tenantId).setParameter("name", each.name).setParameter("email", each.email)
            .setParameter("phone", each.phone).setParameter("age", each.age, Integer.class).setParameter("at", each.createdAt)
            .executeUpdate());
      }
      return read(session -> users(session, "name in ('Grace H.', 'Newton') order by name").stream().map(each -> {
        each.id = null;
        return view(each);
      }).toList());
    });
  }

  static void relations() {
    step("create related", () -> {
      for (Map<String, Object> raw : data.posts) {
        write(session -> {
          User author = user(session, "email = ?1", emailOf.get((String) raw.get("author")));
          Post post = new Post();
          post.tenantId = TENANT;
          post.title = (String) raw.get("title");
          post.body = (String) raw.get("body");
          post.likes = ((Double) raw.get("likes")).intValue();
          post.author = author;
          author.posts.add(post);
          return null;
        });
      }
      return read(session -> values(session, Long.class, "select count(*) from Post"));
    });
    step("eager", () -> read(session -> session.createSelectionQuery("from User u left join fetch u.posts p order by u.email, p.id", User.class)
        .getResultList().stream().map(each -> Arrays.asList(view(each), each.posts.stream().map(p -> Arrays.asList(p.title, p.body)).toList())).toList()));
    step("lazy", () -> read(session -> {
      Post moth = session.createSelectionQuery("from Post where title = 'Moth'", Post.class).getSingleResult();
      return List.of(view((User) Hibernate.unproxy(moth.author)), session.find(User.class, 1).posts.stream().map(post -> post.body).toList());
    }));
    step("join", () -> read(session -> List.of(
        rows(session, "select p.title, p.body, u.email, u.age from Post p join p.author u where u.email like 'ada%' and p.body like 'zq9%' order by u.email, p.body desc"),
        values(session, String.class, "select u.email from User u where exists (from u.posts p where p.body like '%case%')"),
        values(session, String.class, "select u.email from User u where u.posts is empty order by u.email"),
        rows(session, "with loud as (select u.id as id, u.email as email from User u where u.age > 50)"
            + " select l.email, p.title from loud l left join Post p on p.author.id = l.id order by l.email, p.id"),
        values(session, String.class, "select email from User where age < 40 union select email from User where age > 80 order by 1"))));
    step("count related", () -> read(session -> rows(session,
        "select u.email, count(p), sum(p.likes) from User u left join u.posts p group by u.id, u.email order by u.email")));
    step("aggregates", () -> read(session -> List.of(
        rows(session, "select max(age), min(email), sum(age), avg(age), count(distinct email) from User"),
        rows(session, "select city, max(age) from User group by city having count(phone) > 0 order by city"),
        rows(session, "select name, upper(email), length(bio) from User order by id"),
        rows(session, "select name, rank() over (order by age desc) from User order by age desc, id"),
        rows(session, "select distinct city, case when age > 60 then 'old' when age is null then '?' else 'young' end from User order by 1, 2"))));
  }

  static void transactions() {
    Callable<Object> named = () -> read(session -> views(users(session, "name like 'Tx%' order by email")));
    step("commit", () -> {
      write(session -> {
        session.persist(person("Tx 1", "tx1.zq9@example.com"));
        return change(session, "update User set phone = 'zq9 tx' where email = ?1", "tx1.zq9@example.com");
      });
      return named.call();
    });
    step("rollback", () -> {
      try (Session session = factory.openSession()) {
        session.beginTransaction();
        session.persist(person("Tx 2", "tx2.zq9@example.com"));
        user(session, "name = ?1", "Tx 1").phone = "zq9 gone";
        session.flush();
        session.getTransaction().rollback();
      }
      return named.call();
    });
    step("savepoint", () -> {
      write(session -> {
        session.persist(person("Tx 3", "tx3.zq9@example.com"));
        session.flush();
        session.doWork(connection -> {
          var savepoint = connection.setSavepoint("here");
          change(session, "insert into User (tenantId, name, email, logins, createdAt) values (?1, 'Tx 4', 'tx4.zq9@example.com', 0, ?2)",
              TENANT, people.get(0).createdAt);
          connection.rollback(savepoint);
        });
        session.persist(person("Tx 5", "tx5.zq9@example.com"));
        return null;
      });
      return named.call();
    });
    step("lock", () -> write(session -> {
      User locked = session.createSelectionQuery("from User where email = 'tx1.zq9@example.com'", User.class)
          .setHibernateLockMode(LockMode.PESSIMISTIC_WRITE).getSingleResult();
      List<User> shared = session.createSelectionQuery("from User where name = 'Tx 3'", User.class)
          .setHibernateLockMode(LockMode.PESSIMISTIC_READ).getResultList();
      locked.phone = "zq9 locked";
      session.flush();
      session.refresh(locked);
      return List.of(view(locked), views(shared));
    }));
  }

  static Object created(User user) {
    write(session -> {
      session.persist(user);
      return null;
    });
    return read(session -> view(session.find(User.class, user.id)));
  }

  static void valueSteps() {
    step("NULL and empty", () -> {
      User user = with(person("Nil", "nil.zq9@example.com"), u -> { u.phone = ""; u.bio = ""; });
      Object first = created(user);
      write(session -> {
        User found = session.find(User.class, user.id);
        found.phone = null;
        found.bio = null;
        found.photo = new byte[0];
        return null;
      });
      return List.of(first, read(session -> view(session.find(User.class, user.id))));
    });
    step("emoji", () -> {
      created(with(person("🚀", "zq9👩‍👩‍👧‍👦@例え.jp"), u -> u.bio = "zq9 🇩🇪🏳️‍🌈"));
      return read(session -> Arrays.asList(
          view(user(session, "email = ?1", "zq9👩‍👩‍👧‍👦@例え.jp")), view(user(session, "bio like ?1", "%🏳️‍🌈"))));
    });
    step("long text", () -> {
      created(with(person("Long", "long.zq9@example.com"), u -> u.bio = LONG_TEXT));
      String bio = read(session -> user(session, "name = 'Long'").bio);
      return List.of(bio.length(), bio.equals(LONG_TEXT));
    });
    step("bytes", () -> {
      byte[] all = new byte[259];
      System.arraycopy("zq9".getBytes(), 0, all, 0, 3);
      for (int i = 0; i < 256; i++) all[i + 3] = (byte) i;
      Object made = created(with(person("Bytes", "bytes.zq9@example.com"), u -> u.photo = all));
      return List.of(made, read(session -> values(session, Long.class, "select count(*) from User where photo = ?1", (Object) all)));
    });
    step("duplicate key", () -> {
      int errno = 0;
      try {
        created(person("Twin", "ada.zq9@example.com"));
      } catch (Exception error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
          if (cause instanceof SQLException sql) errno = sql.getErrorCode();
        }
      }
      return List.of(errno, read(session -> values(session, Long.class, "select count(*) from User where name = 'Twin'")));
    });
    step("raw SQL", () -> read(session -> session.createNativeQuery(
            "SELECT u.name, UPPER(u.email) AS shout, CHAR_LENGTH(u.phone) AS n FROM users u WHERE u.email = :email OR u.age > :age ORDER BY u.id", Object[].class)
        .setParameter("email", "ada.zq9@example.com").setParameter("age", 70)
        .getResultList().stream().map(Arrays::asList).toList()));
  }

  static void other() {
    step("other tenant", () -> {
      String ada = "ada.zq9@example.com";
      List<Object> before = Arrays.asList(
          read(session -> values(session, Long.class, "select count(*) from User")),
          read(session -> values(session, Long.class, "select count(*) from Post")),
          read(session -> view(user(session, "email = ?1", ada))),
          read(session -> views(users(session, "email like '%'"))),
          write(session -> change(session, "update User set phone = 'zq9 stolen' where email = ?1", ada)),
          write(session -> change(session, "delete from User where email = ?1", ada)));
      write(session -> {
        User own = with(person("Ada 2", ada), u -> u.phone = "zq9 other");
        Post post = new Post();
        post.tenantId = TENANT;
        post.title = "Other";
        post.body = "zq9 other";
        post.author = own;
        own.posts.add(post);
        session.persist(own);
        return null;
      });
      return List.of(before, read(session -> users(session, "true").stream()
          .map(each -> List.of(each.name, each.email, each.posts.stream().map(post -> post.body).toList())).toList()));
    });
  }

  static void again() {
    step("own rows again", () -> read(session -> List.of(
        rows(session, "select name, email, phone, age from User order by id"),
        rows(session, "select title, body from Post order by id"))));
  }
}
