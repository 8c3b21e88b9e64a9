// MySQL Connector/J and MariaDB Connector/J: a JSON line in, a JSON line out.
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

public final class Agent {
  /** Bytes of this length are bound as streams, which server-side prepared statements send as long data. */
  private static final int LONG = 262_144;

  private record Session(Connection connection, String mode, boolean mysql) {}

  private static final Map<String, Session> SESSIONS = new HashMap<>();
  private static boolean mysql;

  public static void main(String[] args) throws Exception {
    mysql = args[0].equals("mysql");
    Gson gson = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      JsonObject reply;
      try {
        reply = answer(JsonParser.parseString(line).getAsJsonObject());
      } catch (SQLException error) {
        reply = failure(error.getErrorCode(), error.getSQLState(), String.valueOf(error.getMessage()));
      } catch (Exception error) {
        reply = failure(0, "", error.toString());
      }
      output.println(gson.toJson(reply));
    }
  }

  private static JsonObject failure(int errno, String state, String message) {
    var error = new JsonObject();
    error.addProperty("errno", errno);
    error.addProperty("sqlState", state == null ? "" : state);
    error.addProperty("message", message);
    var reply = new JsonObject();
    reply.add("error", error);
    return reply;
  }

  private static JsonObject answer(JsonObject request) throws Exception {
    var reply = new JsonObject();
    String op = request.get("op").getAsString();
    String name = request.get("conn").getAsString();
    if (op.equals("open")) {
      Session session = open(request);
      SESSIONS.put(name, session);
      String version = session.connection.getMetaData().getDriverVersion();
      reply.addProperty("version", version.replaceAll("^.*?(\\d+\\.\\d+\\.\\d+).*$", "$1"));
      return reply;
    }
    Session session = SESSIONS.get(name);
    switch (op) {
      case "query", "stream" -> reply.add("rows", query(session, request, op.equals("stream")));
      case "exec" -> {
        try (PreparedStatement statement = prepare(session, request)) {
          reply.addProperty("affected", statement.executeUpdate());
          try (ResultSet keys = statement.getGeneratedKeys()) {
            reply.addProperty("insertId", keys.next() ? keys.getLong(1) : 0);
          }
        }
      }
      case "batch" -> {
        try (PreparedStatement statement = session.connection.prepareStatement(request.get("sql").getAsString())) {
          for (JsonElement set : request.getAsJsonArray("sets")) {
            bind(statement, set.getAsJsonArray());
            statement.addBatch();
          }
          statement.executeBatch();
        }
      }
      case "begin" -> session.connection.setAutoCommit(false);
      case "commit" -> {
        session.connection.commit();
        session.connection.setAutoCommit(true);
      }
      case "rollback" -> {
        session.connection.rollback();
        session.connection.setAutoCommit(true);
      }
      case "close" -> session.connection.close();
      default -> throw new IllegalArgumentException(op);
    }
    return reply;
  }

  private static Session open(JsonObject request) throws SQLException {
    String mode = request.get("mode").getAsString();
    var properties = new Properties();
    properties.put("user", request.get("user").getAsString());
    properties.put("password", request.get("password").getAsString());
    var attributes = new StringBuilder();
    for (var entry : request.getAsJsonObject("attributes").entrySet()) {
      attributes.append(attributes.isEmpty() ? "" : ",").append(entry.getKey()).append(':');
      attributes.append(entry.getValue().getAsString());
    }
    properties.put("connectionAttributes", attributes.toString());
    JsonElement ca = request.get("ca");
    if (mysql) {
      properties.put("useServerPrepStmts", String.valueOf(mode.startsWith("prepared") || mode.equals("cursor")));
      properties.put("rewriteBatchedStatements", String.valueOf(mode.endsWith("rewrite")));
      properties.put("useCursorFetch", String.valueOf(mode.equals("cursor")));
      properties.put("cachePrepStmts", String.valueOf(mode.startsWith("prepared")));
      if (ca.isJsonNull()) {
        properties.put("sslMode", "DISABLED");
        properties.put("allowPublicKeyRetrieval", "true");
      } else {
        properties.put("sslMode", "VERIFY_IDENTITY");
        properties.put("trustCertificateKeyStoreUrl", "file:" + ca.getAsString().replace(".pem", ".p12"));
        properties.put("trustCertificateKeyStoreType", "PKCS12");
        properties.put("trustCertificateKeyStorePassword", "changeit");
        properties.put("fallbackToSystemTrustStore", "false");
      }
    } else {
      properties.put("useServerPrepStmts", String.valueOf(mode.startsWith("prepared") || mode.equals("bulk")));
      properties.put("useBulkStmts", String.valueOf(mode.equals("bulk")));
      if (ca.isJsonNull()) {
        properties.put("sslMode", "disable");
        properties.put("allowPublicKeyRetrieval", "true");
      } else {
        properties.put("sslMode", "verify-full");
        properties.put("serverSslCert", ca.getAsString());
      }
    }
    String url = "jdbc:%s://%s:%d/%s".formatted(mysql ? "mysql" : "mariadb", request.get("host").getAsString(),
        request.get("port").getAsInt(), request.get("database").getAsString());
    return new Session(DriverManager.getConnection(url, properties), mode, mysql);
  }

  private static PreparedStatement prepare(Session session, JsonObject request) throws Exception {
    PreparedStatement statement = session.connection
        .prepareStatement(request.get("sql").getAsString(), Statement.RETURN_GENERATED_KEYS);
    bind(statement, request.getAsJsonArray("params"));
    return statement;
  }

  private static void bind(PreparedStatement statement, JsonArray params) throws SQLException {
    for (int i = 0; i < params.size(); i++) {
      JsonElement value = params.get(i);
      if (value.isJsonNull()) {
        statement.setObject(i + 1, null);
      } else if (value.isJsonObject()) {
        byte[] bytes = Base64.getDecoder().decode(value.getAsJsonObject().get("b64").getAsString());
        if (bytes.length < LONG) statement.setBytes(i + 1, bytes);
        else statement.setBinaryStream(i + 1, new ByteArrayInputStream(bytes));
      } else if (value.getAsJsonPrimitive().isNumber()) {
        statement.setLong(i + 1, value.getAsLong());
      } else {
        // No character stream: Connector/J breaks a character of four bytes where one of its chunks ends.
        statement.setString(i + 1, value.getAsString());
      }
    }
  }

  private static JsonArray query(Session session, JsonObject request, boolean stream) throws Exception {
    var rows = new JsonArray();
    try (PreparedStatement statement = session.connection.prepareStatement(request.get("sql").getAsString())) {
      bind(statement, request.getAsJsonArray("params"));
      // Connector/J streams a text result only with this value; with useCursorFetch a size opens a cursor.
      if (stream) statement.setFetchSize(session.mysql && !session.mode.equals("cursor") ? Integer.MIN_VALUE : 10);
      try (ResultSet result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          var row = new JsonArray();
          for (int i = 1; i <= columns; i++) row.add(encode(result.getObject(i)));
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static JsonElement encode(Object value) throws SQLException {
    Object plain = value instanceof java.sql.Blob blob ? blob.getBytes(1, (int) blob.length()) : value;
    if (plain == null) return JsonNull.INSTANCE;
    if (plain instanceof Number number) return new com.google.gson.JsonPrimitive(number.longValue());
    if (plain instanceof String text) return new com.google.gson.JsonPrimitive(text);
    if (plain instanceof byte[] bytes) {
      var object = new JsonObject();
      object.addProperty("b64", Base64.getEncoder().encodeToString(bytes));
      return object;
    }
    throw new IllegalArgumentException("no plain value: " + plain.getClass());
  }
}
