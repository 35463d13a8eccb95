using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PortMgmt.Cli.Batch;
using PortMgmt.Cli.Batch.Processes;
using PortMgmt.Cluster;
using PortMgmt.Operations;
using PortMgmt.Operations.Results;
using PortMgmt.Text;
using OperationStatus = PortMgmt.Operations.OperationStatus;

namespace PortMgmt.Cli.Cluster;

/// <summary>Makes the answers of a worker, and writes a line about each.</summary>
/// <param name="stream">Where to.</param>
/// <param name="type">The operations' type.</param>
internal sealed class WorkerLog(Stream stream, string type) : IDisposable
{
    private readonly JsonLines _line = new();
    private bool _isClosed;

    /// <summary>Makes the answer.</summary>
    public ClusterResult Encode(OperationResult<BatchOperation, ChildResult> result)
    {
        Write(result);
        ChildResult? child = result.Output;
        return new ClusterResult
        {
            OperationId = "",
            NodeId = "",
            Status = result.Status,
            Output = child?.ExitCode is null ? default : Quote(child.Output),
            Error = ErrorOf(result),
            ExitCode = child?.ExitCode,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();

    private static string? ErrorOf(in OperationResult<BatchOperation, ChildResult> result)
    {
        byte[] said = result.Output?.Error ?? [];
        return said.Length > 0 && result.Status == OperationStatus.Failed ? Encoding.UTF8.GetString(said) : result.Error?.Message;
    }

    private static byte[] Quote(byte[] text) =>
        Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(Encoding.UTF8.GetString(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");

    // A log that nobody reads any more does not end the work of others.
    private void Write(in OperationResult<BatchOperation, ChildResult> result)
    {
        if (_isClosed)
        {
            return;
        }

        ResultRecord record = ResultRecord.From(result) with { Type = type, Number = result.Input.Line, ExitCode = result.Output?.ExitCode };
        ResultJson.Write(_line.Begin(), record, ResultFields.Type);
        _line.End();
        try
        {
            _line.WriteTo(stream);
        }
        catch (IOException)
        {
            _isClosed = true;
        }
    }
}
