using System.Diagnostics.CodeAnalysis;
using PortMgmt.Metrics.Recording;

namespace PortMgmt.Operations.Dispatching;

/// <summary>Inputs that are offered to a batch together, as operations without ids.</summary>
internal ref struct RangeOffer<TInput, TResult>(BatchIntake<TInput, TResult> intake, ReadOnlySpan<TInput> inputs, OperationClock clock) : IOffer<TInput>
{
    private readonly ReadOnlySpan<TInput> _inputs = inputs;

    /// <summary>When they are accepted: together, at one time.</summary>
    private long _now;

    /// <summary>How many were taken.</summary>
    public int Taken { get; private set; }

    /// <inheritdoc/>
    public bool TryAccept([NotNullWhen(true)] out Operation<TInput>? operation)
    {
        operation = null;
        if (Taken == _inputs.Length)
        {
            return false;
        }

        if (Taken == 0)
        {
            _now = clock.Now;
        }

        operation = new Operation<TInput>(_inputs[Taken]);
        if (!intake.TryAccept(operation, _now))
        {
            return false;
        }

        Taken++;
        return true;
    }
}
