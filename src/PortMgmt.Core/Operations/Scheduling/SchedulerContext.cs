using PortMgmt.Metrics.Recording;
using PortMgmt.Operations.Concurrency;
using PortMgmt.Operations.Events;

namespace PortMgmt.Operations.Scheduling;

/// <summary>What a scheduler's batches share.</summary>
internal sealed class SchedulerContext
{
    private volatile OperationSettings _settings;

    /// <param name="options">How the scheduler was made.</param>
    /// <param name="records">Where its figures are kept.</param>
    public SchedulerContext(OperationSchedulerOptions options, SchedulerRecords records)
    {
        Options = options;
        Records = records;
        Clock = records.Clock;
        ProcessorLoad = new ProcessorLoad(Clock, options.ProcessorTime);
        _settings = options.Settings;
    }

    public OperationSchedulerOptions Options { get; }

    public OperationClock Clock { get; }

    public SchedulerRecords Records { get; }

    public ProcessorLoad ProcessorLoad { get; }

    public EventListeners Listeners { get; } = new();

    /// <summary>What holds now.</summary>
    public OperationSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }
}
