using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PortMgmt.Text;

namespace PortMgmt.Operations.Results;

/// <summary>
/// Writes results as JSON, for job logs and for the command line alike: each chooses its fields, which have one name, one form and one
/// order everywhere. It stands here and not with what the module and the command line share, since job logs need it.
/// </summary>
internal static class ResultJson
{
    /// <summary>A result as a line, without its end.</summary>
    /// <param name="result">The result.</param>
    /// <param name="fields">Which fields it has beyond those that every result has.</param>
    public static string ToText(in ResultRecord result, ResultFields fields) =>
        JsonText.Create((result, fields), static (writer, line) => Write(writer, line.result, line.fields), JsonLines.Format);

    /// <summary>Writes the members of a result's object.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="result">The result.</param>
    /// <param name="fields">Which fields it has beyond those that every result has.</param>
    public static void Write(Utf8JsonWriter writer, in ResultRecord result, ResultFields fields)
    {
        if (fields.HasFlag(ResultFields.Type))
        {
            writer.WriteString(ResultNames.Type, result.Type);
        }

        WriteId(writer, result);
        if (fields.HasFlag(ResultFields.Key))
        {
            writer.WriteString(ResultNames.Key, result.Key);
            if (result.Command is { } command)
            {
                writer.WriteString(ResultNames.Command, command);
            }
        }

        writer.WriteString(ResultNames.Status, ResultNames.Of(result.Status));
        WriteExitCode(writer, result.ExitCode);
        if (result.HadErrors is { } hadErrors)
        {
            writer.WriteBoolean(ResultNames.HadErrors, hadErrors);
        }

        if (fields.HasFlag(ResultFields.Output))
        {
            WriteOutput(writer, result);
        }

        if (fields.HasFlag(ResultFields.Error))
        {
            WriteError(writer, result);
        }

        WriteTime(writer, ResultNames.DurationMs, result.Duration);
        WriteTime(writer, ResultNames.QueueMs, result.QueueTime);
        writer.WriteNumber(ResultNames.Attempts, result.Attempts);
        writer.WriteBoolean(ResultNames.Cached, result.FromCache);
        if (fields.HasFlag(ResultFields.Node))
        {
            writer.WriteString(ResultNames.Node, result.Node);
        }
    }

    /// <summary>The operation's id, or the number of its input where it has none.</summary>
    private static void WriteId(Utf8JsonWriter writer, in ResultRecord result)
    {
        if (result.Id is { } id)
        {
            writer.WriteString(ResultNames.Id, id);
        }
        else
        {
            writer.WriteNumber(ResultNames.Id, result.Number);
        }
    }

    private static void WriteExitCode(Utf8JsonWriter writer, int? exitCode)
    {
        if (exitCode is { } number)
        {
            writer.WriteNumber(ResultNames.ExitCode, number);
        }
        else
        {
            writer.WriteNull(ResultNames.ExitCode);
        }
    }

    private static void WriteOutput(Utf8JsonWriter writer, in ResultRecord result)
    {
        if (result.Output is { } text)
        {
            WriteText(writer, ResultNames.Output, text);
        }
        else
        {
            // It is what a writer of JSON made: to read it once more would find nothing.
            writer.WritePropertyName(ResultNames.Output);
            writer.WriteRawValue(result.OutputJson.IsEmpty ? "null"u8 : result.OutputJson.Span, skipInputValidation: true);
        }
    }

    private static void WriteError(Utf8JsonWriter writer, in ResultRecord result)
    {
        if (result.Error is { } text)
        {
            WriteText(writer, ResultNames.Error, text);
        }
        else
        {
            writer.WriteString(ResultNames.Error, result.ErrorMessage);
        }
    }

    /// <summary>
    /// Text of any bytes. Where they are not UTF-8 the text has U+FFFD for those that are not, and a member beside it has the bytes as
    /// they are.
    /// </summary>
    private static void WriteText(Utf8JsonWriter writer, string name, byte[] text)
    {
        if (Utf8.IsValid(text))
        {
            writer.WriteString(name, text);
        }
        else
        {
            writer.WriteString(name, Encoding.UTF8.GetString(text));
            writer.WriteBase64String(name + ResultNames.Base64Suffix, text);
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, TimeSpan time) => writer.WriteNumber(name, Math.Round(time.TotalMilliseconds, 3));
}
