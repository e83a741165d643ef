package org.imageperformer.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The requests and answers of TensorFlow Serving's documentation
 * (https://www.tensorflow.org/tfx/serving/api_rest), with models such as it describes.
 */
class DocumentedRequestsTest {
  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    Path half = folder.resolve("saved_model_half_plus_three");
    TestModels.halfPlus(3, Files.createDirectories(half).resolve("00000123"));
    TestModels.threeInputs(folder.resolve("three_inputs"));
    TestModels.signatures(folder.resolve("signatures"));
    server =
        TestServer.of(
            half.toString(), "three=" + folder.resolve("three_inputs"), folder + "/signatures");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theStatusOfAModel() throws Exception {
    HttpResponse<String> answer = server.get("/v1/models/saved_model_half_plus_three");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertJson(
        answer,
        """
        {
         "model_version_status": [
          {
           "version": "123",
           "state": "AVAILABLE",
           "status": {
            "error_code": "OK",
            "error_message": ""
           }
          }
         ]
        }
        """);
    assertThat(server.get("/v1/models/saved_model_half_plus_three/versions/123").body())
        .isEqualTo(answer.body());
  }

  @Test
  void aPredictCall() throws Exception {
    String body = "{\"instances\": [1.0,2.0,5.0]}";
    HttpResponse<String> answer =
        server.post("/v1/models/saved_model_half_plus_three:predict", body);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.body()).isEqualTo("{\"predictions\":[3.5,4.0,5.5]}");
    assertThat(
            server.post("/v1/models/saved_model_half_plus_three/versions/123:predict", body).body())
        .isEqualTo(answer.body());
  }

  @Test
  void anUnknownModel() throws Exception {
    HttpResponse<String> answer =
        server.post("/v1/models/half:predict", "{\"instances\": [1.0,5.0]}");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertJson(answer, "{ \"error\": \"Servable not found for request: Latest(half)\" }");
  }

  @Test
  void anUnknownVersion() throws Exception {
    HttpResponse<String> answer =
        server.post(
            "/v1/models/saved_model_half_plus_three/versions/7:predict", "{\"instances\": [1.0]}");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertJson(
        answer,
        "{ \"error\": \"Servable not found for request: Specific(saved_model_half_plus_three, 7)\" }");
  }

  @Test
  void theMetadataOfAModel() throws Exception {
    HttpResponse<String> answer = server.get("/v1/models/saved_model_half_plus_three/metadata");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertJson(
        answer,
        """
        {
        "model_spec":{
         "name": "saved_model_half_plus_three",
         "signature_name": "",
         "version": "123"
        }
        ,
        "metadata": {"signature_def": {
         "signature_def": {
          "serving_default": {
           "inputs": {
            "x": {
             "dtype": "DT_FLOAT",
             "tensor_shape": {
              "dim": [
               {
                "size": "-1",
                "name": ""
               }
              ],
              "unknown_rank": false
             },
             "name": "x:0"
            }
           },
           "outputs": {
            "y": {
             "dtype": "DT_FLOAT",
             "tensor_shape": {
              "dim": [
               {
                "size": "-1",
                "name": ""
               }
              ],
              "unknown_rank": false
             },
             "name": "y:0"
            }
           },
           "method_name": "tensorflow/serving/predict"
          }
         }
        }
        }
        }
        """);
  }

  @Test
  void threeScalarStrings() throws Exception {
    assertJson(
        server.post(
            "/v1/models/signatures:predict", "{\"instances\": [ \"foo\", \"bar\", \"baz\" ]}"),
        "{\"predictions\": [ \"foo\", \"bar\", \"baz\" ]}");
  }

  @Test
  void twoTensorsOfOneByTwo() throws Exception {
    assertJson(
        server.post(
            "/v1/models/signatures:predict",
            "{\"signature_name\": \"pairs\", \"instances\": [ [[1, 2]], [[3, 4]] ]}"),
        "{\"predictions\": [ [[-1.0, -2.0]], [[-3.0, -4.0]] ]}");
  }

  @Test
  void severalNamedInputsInRows() throws Exception {
    assertJson(
        server.post(
            "/v1/models/three:predict",
            """
            {
             "instances": [
               {
                 "tag": "foo",
                 "signal": [1, 2, 3, 4, 5],
                 "sensor": [[1, 2], [3, 4]]
               },
               {
                 "tag": "bar",
                 "signal": [3, 4, 1, 2, 5],
                 "sensor": [[4, 5], [6, 8]]
               }
             ]
            }
            """),
        """
        {
         "predictions": [
           { "echo": "foo", "sum": 15.0, "twice": [[2.0, 4.0], [6.0, 8.0]] },
           { "echo": "bar", "sum": 15.0, "twice": [[8.0, 10.0], [12.0, 16.0]] }
         ]
        }
        """);
  }

  @Test
  void severalNamedInputsInColumns() throws Exception {
    assertJson(
        server.post(
            "/v1/models/three:predict",
            """
            {
             "inputs": {
               "tag": ["foo", "bar"],
               "signal": [[1, 2, 3, 4, 5], [3, 4, 1, 2, 5]],
               "sensor": [[[1, 2], [3, 4]], [[4, 5], [6, 8]]]
             }
            }
            """),
        """
        {
         "outputs": {
           "echo": ["foo", "bar"],
           "sum": [15.0, 15.0],
           "twice": [[[2.0, 4.0], [6.0, 8.0]], [[8.0, 10.0], [12.0, 16.0]]]
         }
        }
        """);
  }

  @Test
  void oneInputInColumns() throws Exception {
    assertJson(
        server.post(
            "/v1/models/saved_model_half_plus_three:predict", "{\"inputs\": [1.0, 2.0, 5.0]}"),
        "{\"outputs\": [3.5, 4.0, 5.5]}");
  }

  @Test
  void encodedBinaryValues() throws Exception {
    String images =
        "[{ \"b64\": \"aW1hZ2UgYnl0ZXM=\" }, { \"b64\": \"YXdlc29tZSBpbWFnZSBieXRlcw==\" }]";

    assertJson(
        server.post("/v1/models/signatures:predict", "{\"instances\": " + images + "}"),
        "{\"predictions\": [\"image bytes\", \"awesome image bytes\"]}");
    assertJson(
        server.post(
            "/v1/models/signatures:predict",
            "{\"signature_name\": \"bytes\", \"instances\": " + images + "}"),
        "{\"predictions\": " + images + "}");
    assertJson(
        server.post(
            "/v1/models/signatures:predict",
            "{\"signature_name\": \"bytes\", \"inputs\": {\"text\": " + images + "}}"),
        "{\"outputs\": " + images + "}");
  }

  @Test
  void numbersThatAreNotFinite() throws Exception {
    assertThat(
            server
                .post(
                    "/v1/models/saved_model_half_plus_three:predict",
                    "{\"instances\": [ 1.0, -3.14, NaN, Infinity, -Infinity ]}")
                .body())
        .isEqualTo("{\"predictions\":[3.5,1.43,NaN,Infinity,-Infinity]}");
  }

  private static void assertJson(HttpResponse<String> answer, String expected) {
    JsonElement found = JsonParser.parseString(answer.body());
    assertThat(found).isEqualTo(JsonParser.parseString(expected));
  }
}
