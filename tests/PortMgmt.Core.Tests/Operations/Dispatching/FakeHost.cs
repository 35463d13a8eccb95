using System.Diagnostics.CodeAnalysis;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations;
using PortMgmt.Operations.Dispatching;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

/// <summary>A worker that there is not, for parts of the dispatcher that stand alone.</summary>
internal sealed class FakeHost : IWorkerHost
{
    public bool Blocks { get; set; }

    public bool TryWake([NotNullWhen(false)] out Exception? error)
    {
        error = null;
        return true;
    }

    public void Unblock()
    {
        // Nobody blocks.
    }

    public void Retire()
    {
        // There is nothing to dispose of.
    }

    /// <summary>A lane with such a worker.</summary>
    public static WorkerSlot<int> CreateSlot(int number) => new(number, new WorkerMetrics()) { Host = new FakeHost() };

    /// <summary>A lane that was given operations.</summary>
    public static WorkerSlot<int> CreateSlot(int number, params int[] inputs)
    {
        WorkerSlot<int> slot = CreateSlot(number);
        slot.Chunk.Fill([.. inputs.Select((input, place) => new Operation<int>(input) { Sequence = place })]);
        return slot;
    }
}
