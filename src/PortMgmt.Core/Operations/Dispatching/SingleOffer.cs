using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Dispatching;

/// <summary>One operation that is offered to a batch.</summary>
internal struct SingleOffer<TInput, TResult>(BatchIntake<TInput, TResult> intake, Operation<TInput> operation) : IOffer<TInput>
{
    private bool _isDone;
    private TResult? _known;

    /// <summary>What becomes of the operation.</summary>
    public Admission Admission { get; private set; }

    /// <summary>Its result, if that is known.</summary>
    public readonly TResult? Known => _known;

    /// <inheritdoc/>
    public bool TryAccept([NotNullWhen(true)] out Operation<TInput>? accepted)
    {
        accepted = operation;
        if (_isDone)
        {
            return false;
        }

        _isDone = true;
        Admission = intake.Accept(operation, out _known);
        return Admission == Admission.Accepted;
    }
}
