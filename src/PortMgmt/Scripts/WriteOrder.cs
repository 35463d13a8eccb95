using System.Management.Automation;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// In what order the present operation of a worker wrote to its streams, whose records are kept by stream. The worker adds to it, and
/// another thread may take what is there. Thread-safe.
/// </summary>
internal sealed class WriteOrder
{
    /// <summary>All that there is of each stream: messages first, as a person reads them, then output and errors.</summary>
    public static IReadOnlyList<(StreamKind Stream, int Count)> Rest { get; } =
    [
        (StreamKind.Information, int.MaxValue), (StreamKind.Debug, int.MaxValue), (StreamKind.Verbose, int.MaxValue),
        (StreamKind.Warning, int.MaxValue), (StreamKind.Output, int.MaxValue), (StreamKind.Error, int.MaxValue),
    ];

    private readonly Lock _lock = new();
    private readonly List<(StreamKind Stream, int Count)> _runs = [];

    /// <summary>A new pipeline begins.</summary>
    public void Attach(PSDataStreams streams)
    {
        streams.Error.DataAdding += (_, _) => Add(StreamKind.Error);
        streams.Warning.DataAdding += (_, _) => Add(StreamKind.Warning);
        streams.Verbose.DataAdding += (_, _) => Add(StreamKind.Verbose);
        streams.Debug.DataAdding += (_, _) => Add(StreamKind.Debug);
        streams.Information.DataAdding += (_, _) => Add(StreamKind.Information);
    }

    /// <summary>The operation writes to a stream.</summary>
    public void Add(StreamKind stream)
    {
        lock (_lock)
        {
            if (_runs is [.., (var last, var count)] && last == stream)
            {
                _runs[^1] = (stream, count + 1);
            }
            else
            {
                _runs.Add((stream, 1));
            }
        }
    }

    /// <summary>The streams in order, and how often each was written to before the next; nothing is left.</summary>
    public IReadOnlyList<(StreamKind Stream, int Count)> Take()
    {
        lock (_lock)
        {
            (StreamKind, int)[] runs = [.. _runs];
            _runs.Clear();
            return runs;
        }
    }
}
