using PortMgmt.Operations.Errors;

namespace PortMgmt.Operations;

/// <summary>How a scheduler is made; what can change later is in <see cref="Settings"/>.</summary>
public sealed record OperationSchedulerOptions
{
    /// <summary>The scheduler's name, in health, metrics and the meter's tags; 1 to 128 characters, <c>Default</c> unless set.</summary>
    public string Name { get; init; } = "Default";

    /// <summary>The node's id in health reports; the machine's name unless set.</summary>
    public string NodeId { get; init; } = Environment.MachineName;

    /// <summary>The id of the cluster that the node belongs to; null for none.</summary>
    public string? ClusterId { get; init; }

    /// <summary>What can be changed later with <see cref="OperationScheduler{TInput, TResult}.Configure"/>.</summary>
    public OperationSettings Settings { get; init; } = new();

    /// <summary>How long <c>StopAsync</c> and timeouts wait for an operation to heed its cancellation, 0 to 1 hour; 2 s unless set.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock; the system's unless a test has its own.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How much processor time the process has used; a test has its own.</summary>
    internal Func<TimeSpan> ProcessorTime { get; init; } = static () => Environment.CpuUsage.TotalTime;

    /// <summary>The source of chance for retries, from 0 to below 1; a test has its own.</summary>
    internal Func<double> Chance { get; init; } = Random.Shared.NextDouble;

    internal void Validate()
    {
        if (Name is not { Length: > 0 and <= 128 })
        {
            throw OptionCheck.Invalid(nameof(Name), $"{nameof(Name)} is '{Name}': give 1 to 128 characters.");
        }

        OptionCheck.InRange(nameof(StopGrace), StopGrace, TimeSpan.Zero, TimeSpan.FromHours(1));
        Settings.Validate();
    }
}
