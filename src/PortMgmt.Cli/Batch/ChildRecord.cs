using System.Text;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Operations;
using PortMgmt.Operations.JobLogs;
using PortMgmt.Operations.Results;

namespace PortMgmt.Cli.Batch;

/// <summary>What is written of a command that ran for an operation.</summary>
internal static class ChildRecord
{
    /// <summary>The fields of a batch's results.</summary>
    public const ResultFields Fields = ResultFields.Output | ResultFields.Error;

    /// <summary>A result.</summary>
    public static ResultRecord From(in OperationResult<BatchOperation, ChildResult> result) => ResultRecord.From(result) with
    {
        Number = result.Input.Line,
        ExitCode = result.Output?.ExitCode,
        Output = result.Output?.ExitCode is null ? null : result.Output.Output,
        Error = ErrorOf(result),
    };

    /// <summary>A result as the job log has it.</summary>
    public static JobLogEntry ToLogEntry(in OperationResult<BatchOperation, ChildResult> result)
    {
        var entry = JobLogEntry.From(result, result.Operation, result.Input.Key!, result.Input.Line);
        return entry with { ExitCode = result.Output?.ExitCode, Error = result.Output?.Problem ?? entry.Error };
    }

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
}
