using System.Text;
using System.Text.Json;
using PortMgmt.Cluster;
using PortMgmt.PowerShell.Execution;

namespace PortMgmt.PowerShell.Cluster;

/// <summary>A message that no node could deal with. Does not change.</summary>
public sealed class FailedOperationInfo
{
    internal FailedOperationInfo(FailedOperation failed)
    {
        Id = failed.OperationId;
        BatchId = failed.BatchId;
        Type = failed.Type;
        Error = failed.Error;
        ErrorCode = failed.ErrorCode;
        NodeId = failed.NodeId;
        FailedAt = failed.FailedAt;
        CanReplay = failed.CanReplay;
        Size = failed.Input.Length;
        Input = CollectionValue.Wrap(Read(failed));
    }

    /// <summary>The operation's id in its batch; null where the message has none.</summary>
    public string? Id { get; }

    /// <summary>The batch; null where the message has none.</summary>
    public string? BatchId { get; }

    /// <summary>Which kind of operations the queue is for.</summary>
    public string Type { get; }

    /// <summary>Why it was given up.</summary>
    public string Error { get; }

    /// <summary>Which failure that is.</summary>
    public string ErrorCode { get; }

    /// <summary>The node that gave it up.</summary>
    public string? NodeId { get; }

    /// <summary>When, in UTC; null where nobody noted it.</summary>
    public DateTimeOffset? FailedAt { get; }

    /// <summary>It is well formed, so that it can be run again.</summary>
    public bool CanReplay { get; }

    /// <summary>The body's length in bytes.</summary>
    public int Size { get; }

    /// <summary>The input; where it is no JSON, the beginning of the text that came.</summary>
    public object? Input { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Id}: {Error}";

    private static object? Read(FailedOperation failed)
    {
        const int shown = 1000;
        if (failed.CanReplay)
        {
            try
            {
                return JsonValues.Read(failed.Input);
            }
            catch (JsonException)
            {
                // As text, then.
            }
        }

        return Encoding.UTF8.GetString(failed.Input.Span[..Math.Min(shown, failed.Input.Length)]);
    }
}
