using System.Diagnostics.CodeAnalysis;
using PortMgmt.Operations.Concurrency;

namespace PortMgmt.Operations.Dispatching;

/// <summary>The life of a lane's worker: made at the first wake-up, woken, blocked for want of work, disposed of.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing, and a worker may still be about to wait on it.")]
internal sealed class WorkerHost<TInput, TResult> : IWorkerHost
{
    private readonly LaneServices<TInput, TResult> _services;
    private readonly OperationLane<TInput, TResult> _lane;

    /// <summary>What the present operation lends to batches that it starts.</summary>
    private readonly OperationPermit _permit;

    /// <summary>What a blocked worker waits on; made when it first blocks.</summary>
    private SemaphoreSlim? _parking;

    /// <summary>The worker; made at the first wake-up.</summary>
    private IOperationWorker<TInput, TResult>? _worker;

    public WorkerHost(LaneServices<TInput, TResult> services, int number)
    {
        _services = services;
        Slot = new WorkerSlot<TInput>(number, services.Workers.Rent()) { Host = this };
        RunningAttempt<TInput> attempt = Slot.Attempt;
        _permit = new OperationPermit(services.Limit, () => attempt.Present);
        _lane = new OperationLane<TInput, TResult>(this, services);
    }

    public WorkerSlot<TInput> Slot { get; }

    /// <inheritdoc/>
    public bool Blocks => Volatile.Read(ref _parking) is not null;

    /// <inheritdoc/>
    public bool TryWake([NotNullWhen(false)] out Exception? error)
    {
        error = null;
        try
        {
            if (_worker is null)
            {
                ExecutionContext.Run(_services.Context, static host => ((WorkerHost<TInput, TResult>)host!).Start(), this);
            }
            else if (_parking is { } parking)
            {
                parking.Release();
            }
            else
            {
                _worker.Wake(_lane);
            }

            return true;
        }
        catch (Exception e)
        {
            error = e;
            return false;
        }
    }

    /// <inheritdoc/>
    public void Unblock() => Volatile.Read(ref _parking)?.Release();

    /// <inheritdoc/>
    public void Retire()
    {
        // Its metrics go to the next: nobody writes to them any more.
        _services.Workers.Return(Slot.Metrics);
        try
        {
            _worker?.Dispose();
        }
        catch (Exception)
        {
            // Every operation of this worker has ended. Whatever thread this is, it must go on with what others wait for.
        }
    }

    /// <summary>The worker is about to ask for work and blocks where there is none.</summary>
    public void SetBlocking()
    {
        if (_parking is null)
        {
            AmbientPermit.Set(_permit);
            Volatile.Write(ref _parking, new SemaphoreSlim(0));
        }
    }

    /// <summary>Blocks the worker until it is woken or its lane is closed.</summary>
    public void Block() => _parking!.Wait();

    private void Start()
    {
        AmbientPermit.Set(_permit);
        _worker = _services.WorkerFactory();
        _worker.Wake(_lane);
    }
}
