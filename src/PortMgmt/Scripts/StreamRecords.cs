using System.Management.Automation;
using PortMgmt.PowerShell.Errors;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>What one operation wrote to the streams beside its output.</summary>
internal sealed record StreamRecords
{
    /// <summary>Nothing at all.</summary>
    public static StreamRecords None { get; } = new();

    public ErrorRecord[] Errors { get; init; } = [];

    public WarningRecord[] Warnings { get; init; } = [];

    public VerboseRecord[] Verbose { get; init; } = [];

    public DebugRecord[] Debug { get; init; } = [];

    public InformationRecord[] Information { get; init; } = [];

    /// <summary>In what order these and the output were written; null where nobody asks.</summary>
    public IReadOnlyList<(StreamKind Stream, int Count)>? Order { get; init; }

    /// <summary>Takes everything out of the streams of a pipeline. Nearly free when there is nothing.</summary>
    /// <param name="streams">The streams.</param>
    /// <param name="order">The order in which they and the output were written, which is taken, too; null for none.</param>
    public static StreamRecords TakeFrom(PSDataStreams streams, WriteOrder? order = null)
    {
        IReadOnlyList<(StreamKind Stream, int Count)>? written = order?.Take();
        if (streams.Progress.Count > 0)
        {
            // Nobody shows it: a hundred workers' bars say less than the batch's own.
            streams.Progress.Clear();
        }

        if (streams.Error.Count + streams.Warning.Count + streams.Verbose.Count + streams.Debug.Count + streams.Information.Count == 0)
        {
            return None;
        }

        ErrorRecord[] errors = [.. streams.Error.ReadAll()];
        Array.ForEach(errors, EngineData.RemoveFrom);
        return new StreamRecords
        {
            Errors = errors,
            Warnings = [.. streams.Warning.ReadAll()],
            Verbose = [.. streams.Verbose.ReadAll()],
            Debug = [.. streams.Debug.ReadAll()],
            Information = [.. streams.Information.ReadAll()],
            Order = written,
        };
    }
}
