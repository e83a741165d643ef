package org.imageperformer.training.listener;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import java.util.Map;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.SummaryMetadata;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * What TensorBoard's tab "HParams" reads: when a run began, with which hyperparameters, and when it
 * ended. Its messages are no part of TensorFlow; they are put together here by the numbers of their
 * fields (tensorboard/plugins/hparams/plugin_data.proto).
 */
final class HParamsPlugin {
  private static final int VERSION = 1;
  private static final int SESSION_START = 3;
  private static final int SESSION_END = 4;
  private static final int START_SECONDS = 5;
  private static final int END_STATUS = 1;
  private static final int END_SECONDS = 2;
  private static final int SUCCESS = 1;

  private HParamsPlugin() {}

  /**
   * The beginning of a run.
   *
   * @param hparams null values are left out
   * @param seconds since 1970
   */
  static Summary.Value started(Map<String, Object> hparams, double seconds) {
    Struct.Builder values = Struct.newBuilder();
    hparams.forEach(
        (name, value) -> {
          if (value != null) {
            values.putFields(name, value(value));
          }
        });
    // A Struct is a map of values in its first field, and so is the message of a start.
    ByteString start =
        values.build().toByteString().concat(number(START_SECONDS, seconds).toByteString());
    return summary("_hparams_/session_start_info", SESSION_START, start);
  }

  /**
   * The end of a run that was tested.
   *
   * @param seconds since 1970
   */
  static Summary.Value ended(double seconds) {
    UnknownFieldSet status =
        UnknownFieldSet.newBuilder()
            .addField(END_STATUS, UnknownFieldSet.Field.newBuilder().addVarint(SUCCESS).build())
            .build();
    ByteString end = status.toByteString().concat(number(END_SECONDS, seconds).toByteString());
    return summary("_hparams_/session_end_info", SESSION_END, end);
  }

  private static Value value(Object value) {
    if (value instanceof Boolean flag) {
      return Value.newBuilder().setBoolValue(flag).build();
    }
    if (value instanceof Number number) {
      return Value.newBuilder().setNumberValue(number.doubleValue()).build();
    }
    return Value.newBuilder().setStringValue(value.toString()).build();
  }

  private static UnknownFieldSet number(int field, double value) {
    return UnknownFieldSet.newBuilder()
        .addField(
            field,
            UnknownFieldSet.Field.newBuilder().addFixed64(Double.doubleToLongBits(value)).build())
        .build();
  }

  private static Summary.Value summary(String tag, int field, ByteString message) {
    UnknownFieldSet content =
        UnknownFieldSet.newBuilder()
            .addField(VERSION, UnknownFieldSet.Field.newBuilder().addVarint(0).build())
            .addField(field, UnknownFieldSet.Field.newBuilder().addLengthDelimited(message).build())
            .build();
    return Summary.Value.newBuilder()
        .setTag(tag)
        .setMetadata(
            SummaryMetadata.newBuilder()
                .setPluginData(
                    SummaryMetadata.PluginData.newBuilder()
                        .setPluginName("hparams")
                        .setContent(content.toByteString())))
        // The tab reads the metadata alone; a value has to have a tensor.
        .setTensor(
            TensorProto.newBuilder()
                .setDtype(DataType.DT_FLOAT)
                .setTensorShape(TensorShapeProto.getDefaultInstance())
                .addFloatVal(0))
        .build();
  }
}
