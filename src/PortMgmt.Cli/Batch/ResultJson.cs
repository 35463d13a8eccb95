using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Cli.Output;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;

namespace PortMgmt.Cli.Batch;

/// <summary>Results as JSON members. Names and meanings are part of the contract.</summary>
internal static class ResultJson
{
    /// <summary>A result.</summary>
    public static void Write(Utf8JsonWriter writer, in OperationResult<BatchOperation, ChildResult> result)
    {
        WriteId(writer, result);
        writer.WriteString("status", StatusName(result.Status));
        LeaseJson.WriteNumber(writer, "exitCode", result.Output?.ExitCode);
        WriteText(writer, "output", result.Output?.ExitCode is null ? null : result.Output.Output);
        WriteText(writer, "error", ErrorOf(result));
        WriteTimes(writer, result);
    }

    /// <summary>A result as the job log has it.</summary>
    public static JobLogEntry ToLogEntry(in OperationResult<BatchOperation, ChildResult> result) => new()
    {
        Key = result.Input.Key!,
        Id = result.Id,
        Number = result.Input.Line,
        Status = result.Status,
        ExitCode = result.Output?.ExitCode,
        Error = result.Output?.Problem ?? result.Error?.Message,
        Duration = result.Duration,
        QueueTime = result.QueueTime,
        Attempts = result.Attempts,
        FromCache = result.FromCache,
    };

    /// <summary>The operation's id, or the number of its line where it has none.</summary>
    private static void WriteId(Utf8JsonWriter writer, in OperationResult<BatchOperation, ChildResult> result)
    {
        if (result.Id is { } id)
        {
            writer.WriteString("id", id);
        }
        else
        {
            writer.WriteNumber("id", result.Input.Line);
        }
    }

    /// <summary>How long it took, how often it was tried, and whether another one's result was taken.</summary>
    public static void WriteTimes(Utf8JsonWriter writer, in OperationResult<BatchOperation, ChildResult> result)
    {
        writer.WriteNumber("durationMs", Math.Round(result.Duration.TotalMilliseconds, 3));
        writer.WriteNumber("queueMs", Math.Round(result.QueueTime.TotalMilliseconds, 3));
        writer.WriteNumber("attempts", result.Attempts);
        writer.WriteBoolean("cached", result.FromCache);
    }

    /// <summary>A status as the command line writes it.</summary>
    public static string StatusName(OperationStatus status) => status switch
    {
        OperationStatus.Succeeded => "succeeded",
        OperationStatus.Failed => "failed",
        OperationStatus.TimedOut => "timedOut",
        OperationStatus.Cancelled => "cancelled",
        _ => "rejected",
    };

    /// <summary>What the command itself said on standard error; where it said nothing, or was not let finish, what is to be said of it.</summary>
    private static byte[]? ErrorOf(in OperationResult<BatchOperation, ChildResult> result)
    {
        byte[] said = result.Output?.Error ?? [];
        if (result.Error is null || (said.Length > 0 && result.Status == OperationStatus.Failed))
        {
            return said.Length > 0 ? said : null;
        }

        bool needsBreak = said.Length > 0 && said[^1] != (byte)'\n';
        return [.. said, .. needsBreak ? "\n"u8 : [], .. Encoding.UTF8.GetBytes(result.Error.Message)];
    }

    /// <summary>Text of any bytes: those that are not UTF-8 become U+FFFD.</summary>
    private static void WriteText(Utf8JsonWriter writer, string name, byte[]? text)
    {
        if (text is null)
        {
            writer.WriteNull(name);
        }
        else if (Utf8.IsValid(text))
        {
            writer.WriteString(name, text);
        }
        else
        {
            writer.WriteString(name, Encoding.UTF8.GetString(text));
        }
    }
}
