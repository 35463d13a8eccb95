using PortMgmt.Heads;
using PortMgmt.Operations;

namespace PortMgmt.Core.Tests.Heads;

/// <summary>Notes what a pump does: an output for each result, and -1 for a flush behind results.</summary>
internal sealed class RecordingSink : IBatchSink<int, int>
{
    private readonly List<int> _steps = [];

    /// <summary>What happened, flushes without anything new left out.</summary>
    public IReadOnlyList<int> Steps => _steps;

    /// <summary>The outputs, ordered.</summary>
    public int[] Outputs => [.. _steps.Where(step => step >= 0).Order()];

    /// <summary>How often it was flushed.</summary>
    public int Flushes { get; private set; }

    /// <summary>What to do at each flush.</summary>
    public Action OnFlush { get; init; } = () => { };

    public void Take(in OperationResult<int, int> result) => _steps.Add(result.Output);

    public void Flush()
    {
        Flushes++;
        if (_steps is [.., not -1])
        {
            _steps.Add(-1);
        }

        OnFlush();
    }
}
