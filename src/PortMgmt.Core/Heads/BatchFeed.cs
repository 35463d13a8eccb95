using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using PortMgmt.Operations;

namespace PortMgmt.Heads;

/// <summary>A thread that reads operations and puts them into a batch as there is room, and then ends the batch's input.</summary>
/// <param name="batch">The batch.</param>
internal sealed class BatchFeed<TInput, TResult>(OperationBatch<TInput, TResult> batch)
{
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isComplete;

    /// <summary>Nothing more is read.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>The input was not read to its end, because something went wrong.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>Starts it. The thread does not keep the process alive.</summary>
    /// <param name="next">Reads the next operation; null at the end.</param>
    public void Start(Func<Operation<TInput>?> next) =>
        new Thread(() => Run(next)) { IsBackground = true, Name = "PortMgmt input" }.Start();

    /// <summary>Throws what kept the input from being read to its end, if anything did.</summary>
    public void ThrowIfFailed() => Volatile.Read(ref _failure)?.Throw();

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is thrown again on the thread that waits for it.")]
    private void Run(Func<Operation<TInput>?> next)
    {
        try
        {
            while (next() is { } operation)
            {
                batch.Enqueue(operation);
            }
        }
        catch (OperationException closed) when (closed.Code == OperationErrorCode.BatchClosed)
        {
            // Interrupted: what was not accepted never runs.
        }
        catch (Exception failure)
        {
            // Whatever it is, it must end the batch in good order.
            Volatile.Write(ref _failure, ExceptionDispatchInfo.Capture(failure));
        }

        _isComplete = true;
        batch.Complete();
    }
}
