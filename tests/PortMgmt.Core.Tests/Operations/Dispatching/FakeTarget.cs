using System.Diagnostics.CodeAnalysis;
using PortMgmt.Metrics.Recording;
using PortMgmt.Operations;
using PortMgmt.Operations.Dispatching;

namespace PortMgmt.Core.Tests.Operations.Dispatching;

/// <summary>A batch that there is not: it writes down what its dispatcher asks of it.</summary>
internal sealed class FakeTarget : IDispatchTarget<int>
{
    public bool IsClogged { get; set; }

    public bool IsProcessorLoadLow => false;

    /// <summary>What was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Lanes that were woken and not looked at.</summary>
    public Queue<WorkerSlot<int>> Woken { get; } = new();

    /// <summary>What waking a lane fails with; null for nothing.</summary>
    public Exception? WakeError { get; set; }

    /// <summary>Done whenever something is asked that must be asked without a lock.</summary>
    public Action OnAsked { get; set; } = () => { };

    public (int BatchSize, TimeSpan BatchFlush) GetChunkSettings() => (10, TimeSpan.FromMilliseconds(10));

    public WorkerSlot<int> CreateSlot(int number)
    {
        Host host = new(this);
        return host.Slot = new WorkerSlot<int>(number, new WorkerMetrics()) { Host = host };
    }

    public void RecordChunk(int count) => Ask($"chunk of {count}");

    public void RecordStuck(int change) => Asked.Add($"stuck {change}");

    public void Cancel(Operation<int> operation) => Ask($"cancel {operation.Input}");

    public void FailUnserved(Operation<int> operation, Exception error) => Ask($"fail {operation.Input}: {error.Message}");

    public void EndGivenUp(Operation<int> operation, int phase) => Ask($"give up {operation.Input}");

    public void Finish() => Ask("finish");

    private void Ask(string what)
    {
        Asked.Add(what);
        OnAsked();
    }

    private sealed class Host(FakeTarget target) : IWorkerHost
    {
        public WorkerSlot<int>? Slot { get; set; }

        public bool Blocks => false;

        public bool TryWake([NotNullWhen(false)] out Exception? error)
        {
            target.OnAsked();
            error = target.WakeError;
            if (error is not null)
            {
                return false;
            }

            target.Woken.Enqueue(Slot!);
            return true;
        }

        public void Unblock()
        {
            // Nobody blocks.
        }

        public void Retire() => target.Ask($"retire {Slot!.Number}");
    }
}
