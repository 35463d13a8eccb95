using PortMgmt.Operations;
using PortMgmt.RabbitMq.Connection;
using PortMgmt.RabbitMq.Nodes;

namespace PortMgmt.RabbitMq.Batches;

/// <summary>
/// Looks now and then whether what a batch waits for can still come: whether the queues of its types are there, and whether an operation
/// that has been out for a while is anywhere at all. One that waits in no queue and that no worker has, twice in a row, is sent again. An
/// operator who deletes or purges a queue is found out that way, whoever makes the queue again.
/// </summary>
/// <remarks>Whatever cannot be found out is no evidence: then nothing is sent again.</remarks>
/// <param name="broker">The broker.</param>
/// <param name="ledger">What is waited for.</param>
/// <param name="send">Sends an operation.</param>
/// <param name="notify">Tells the batch's owner.</param>
/// <param name="goneTime">How long the queue of a type may be gone before its operations fail.</param>
/// <param name="clock">The clock.</param>
/// <param name="age">How long an operation is out before it is looked for, and at most between two looks; null but in tests.</param>
internal sealed class BatchAudit(
    IAuditedBroker broker, BatchLedger ledger, Action<PendingOperation> send, Action<string> notify, TimeSpan goneTime, TimeProvider clock, TimeSpan? age = null) : IAsyncDisposable
{
    /// <summary>How long an operation is out before it is looked for.</summary>
    internal static readonly TimeSpan MinAge = TimeSpan.FromSeconds(3);

    /// <summary>How soon it is looked again, after a first finding and in general.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Long operations are looked for less and less often, down to this.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(10);

    private const int MissesUntilSent = 2;

    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<string, long> _goneSince = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    /// <summary>Looks once.</summary>
    /// <returns>Something was found that is worth another look soon.</returns>
    internal async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        bool isSuspicious = false;
        foreach (string type in ledger.FindOverdueTypes(age ?? MinAge))
        {
            isSuspicious |= await broker.CountAsync(type, cancellationToken).ConfigureAwait(false) is { } waiting
                ? await LookAsync(type, waiting, cancellationToken).ConfigureAwait(false)
                : RecordGone(type);
        }

        return isSuspicious;
    }

    private async Task RunAsync()
    {
        TimeSpan interval = age < Interval ? age.Value : Interval;
        TimeSpan wait = interval;
        try
        {
            while (true)
            {
                await Task.Delay(wait, clock, _ending.Token).ConfigureAwait(false);
                wait = await TryLookAsync().ConfigureAwait(false) ? interval : TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, LongestInterval.Ticks));
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The batch is over.
        }
    }

    private async Task<bool> TryLookAsync()
    {
        try
        {
            return await LookAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (BrokerFailure.IsExpected(e) && !_ending.IsCancellationRequested)
        {
            // The broker is away, or takes no messages: then nothing is known.
            return true;
        }
    }

    private async Task<bool> LookAsync(string type, WaitingOperations waiting, CancellationToken cancellationToken)
    {
        if (_goneSince.Remove(type))
        {
            notify($"The queue of type '{type}' is there again.");
        }

        ledger.TakeUnsent(type).ForEach(send);
        List<PendingOperation> overdue = ledger.FindOverdue(type, age ?? MinAge);
        if (overdue.Count == 0 || waiting.Messages > 0)
        {
            // What waits in a queue is not known one by one, and each may be there.
            return false;
        }

        HeldOperations[] held = [.. (await broker.AskHeldAsync(cancellationToken).ConfigureAwait(false)).Where(answer => answer.Type == type)];
        if (held.Length < waiting.Consumers)
        {
            return false;
        }

        // Results that are on their way have come by then.
        await broker.CatchUpAsync(cancellationToken).ConfigureAwait(false);
        return Judge(type, overdue, [.. held.SelectMany(answer => answer.Ids)]);
    }

    private bool Judge(string type, List<PendingOperation> overdue, HashSet<string> held)
    {
        var lost = new List<PendingOperation>();
        bool isSuspicious = false;
        foreach (PendingOperation operation in overdue.Where(operation => !operation.HasEnded))
        {
            operation.Misses = held.Contains(operation.Id) ? 0 : operation.Misses + 1;
            isSuspicious |= operation.Misses > 0;
            if (operation.Misses >= MissesUntilSent)
            {
                lost.Add(operation);
            }
        }

        if (lost.Count > 0)
        {
            notify($"{lost.Count} operations of type '{type}' are in no queue and with no worker, as after a queue was deleted or emptied: they are sent again.");
            lost.Where(ledger.SendAgain).ToList().ForEach(send);
        }

        return isSuspicious;
    }

    private bool RecordGone(string type)
    {
        if (_goneSince.TryAdd(type, clock.GetTimestamp()))
        {
            notify($"The queue of type '{type}' is gone: what was sent waits for a worker to make it again.");
        }
        else if (clock.GetElapsedTime(_goneSince[type]) >= goneTime)
        {
            _goneSince.Remove(type);
            ledger.FailType(type, new OperationException(
                OperationErrorCode.TypeNotFound,
                $"The queue of type '{type}' was deleted, and no worker has made it again within {goneTime.TotalSeconds:0} s: start one, then go on with the same batch id."));
        }

        return true;
    }
}
