using System.Collections.Concurrent;
using PortMgmt.Operations;

namespace PortMgmt.Core.Tests.Operations;

/// <summary>Workers that do nothing by themselves: the test pulls their lanes, so that everything happens in the order in which it says.</summary>
internal sealed class ManualWorkers
{
    private readonly List<OperationLane<int, int>> _lanes = [];
    private readonly ConcurrentQueue<OperationLane<int, int>> _woken = new();

    /// <summary>The lanes of the workers that were made.</summary>
    public IReadOnlyList<OperationLane<int, int>> Lanes => _lanes;

    /// <summary>How many wake-ups have not been looked at.</summary>
    public int Woken => _woken.Count;

    /// <summary>How many workers were disposed of.</summary>
    public int Disposed { get; private set; }

    public IOperationWorker<int, int> Make() => new Worker(this);

    /// <summary>The lane that was woken next.</summary>
    public OperationLane<int, int> TakeWoken() =>
        _woken.TryDequeue(out OperationLane<int, int>? lane) ? lane : throw new InvalidOperationException("No lane was woken.");

    /// <summary>Takes everything that a lane gets without waiting, ends it as succeeded, and tells the inputs.</summary>
    public static List<int> Drain(OperationLane<int, int> lane)
    {
        List<int> inputs = [];
        while (lane.TryNext(out Operation<int>? operation))
        {
            inputs.AddRange(lane.Group.Select(member => member.Input));
            lane.Succeed(operation.Input);
        }

        return inputs;
    }

    private sealed class Worker(ManualWorkers owner) : IOperationWorker<int, int>
    {
        private bool _isKnown;

        public void Wake(OperationLane<int, int> lane)
        {
            if (!_isKnown)
            {
                owner._lanes.Add(lane);
            }

            _isKnown = true;
            owner._woken.Enqueue(lane);
        }

        public void Dispose() => owner.Disposed++;
    }
}
