using Microsoft.Extensions.Time.Testing;
using PortMgmt.Advice;
using PortMgmt.Core.Tests.Operations;
using PortMgmt.Operations;
using PortMgmt.Reports;

namespace PortMgmt.Core.Tests.Reports;

/// <summary>Reports of schedulers that really ran, on a clock that the test moves.</summary>
internal sealed class SampleReports
{
    private readonly FakeTimeProvider _clock = new();
    private readonly OperationScheduler<string, int> _scheduler;

    public SampleReports(string name = "nightly") => _scheduler = NewScheduler(name, _clock);

    /// <summary>Runs a batch: an operation for each input, of the given length; it fails where there is an error.</summary>
    public SampleReports Run(IEnumerable<(string Input, string? Id, string? Type, TimeSpan Time, string? Error)> operations)
    {
        var lanes = new Queue<OperationLane<string, int>>();
        OperationBatch<string, int> batch = _scheduler.StartBatch(() => new Worker(lanes));
        foreach ((string input, string? id, string? type, TimeSpan time, string? error) in operations)
        {
            batch.TryEnqueue(new Operation<string>(input) { Id = id, Type = type });
            OperationLane<string, int> lane = lanes.Dequeue();
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            lane.TryNext(out _);
            _clock.Advance(time);
            if (error is null)
            {
                lane.Succeed(1);
            }
            else
            {
                lane.Fail(new InvalidOperationException(error));
            }

            lane.TryNext(out _);
            batch.ReadAvailable();
        }

        batch.Complete();
        return this;
    }

    /// <summary>Lets time pass in which nothing happens.</summary>
    public SampleReports Idle(TimeSpan time)
    {
        _clock.Advance(time);
        return this;
    }

    public OperationReport Take() => OperationReport.From(_scheduler, new AdviceLimits { P99 = TimeSpan.FromMilliseconds(1) });

    public string Page() => HtmlReport.Create([Take()], _clock.GetUtcNow(), TimeZoneInfo.Utc);

    private static OperationScheduler<string, int> NewScheduler(string name, TimeProvider clock) => new(new OperationSchedulerOptions
    {
        Name = name,
        NodeId = "node<1>",
        TimeProvider = clock,
        Settings = new OperationSettings { MaxConcurrent = 4 },
    });

    private sealed class Worker(Queue<OperationLane<string, int>> lanes) : IOperationWorker<string, int>
    {
        public void Wake(OperationLane<string, int> lane) => lanes.Enqueue(lane);

        public void Dispose()
        {
        }
    }
}
