using PortMgmt.Operations;

namespace PortMgmt.Advice;

/// <summary>Takes from a scheduler what advice goes by; the scheduler itself knows nothing of advice.</summary>
internal static class SchedulerSnapshot
{
    /// <summary>What advice goes by.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <typeparam name="TInput">What its operations work on.</typeparam>
    /// <typeparam name="TResult">What they result in.</typeparam>
    /// <returns>Metrics, health and settings, one shortly after the other.</returns>
    public static OperationSnapshot GetSnapshot<TInput, TResult>(this OperationScheduler<TInput, TResult> scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return new OperationSnapshot(scheduler.GetFigures(), scheduler.GetHealth(), scheduler.Settings, scheduler.ConcurrencyLimit);
    }
}
