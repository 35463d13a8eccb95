using System.Diagnostics.CodeAnalysis;

namespace PortMgmt.Operations.Results;

/// <summary>Puts results into the order of the input. Not thread-safe.</summary>
internal sealed class InputOrder<TInput, TResult>
{
    /// <summary>Results that came before their turn, by sequence. Null stands for an operation within a chunk.</summary>
    private readonly Dictionary<long, OperationResult<TInput, TResult>?> _early = [];

    private long _turn;

    /// <summary>Whether the result whose turn it is has come.</summary>
    public bool HasNext
    {
        get
        {
            while (_early.TryGetValue(_turn, out OperationResult<TInput, TResult>? next))
            {
                if (next is not null)
                {
                    return true;
                }

                _early.Remove(_turn++);
            }

            return false;
        }
    }

    public void Add(in OperationResult<TInput, TResult> result)
    {
        foreach (Operation<TInput> member in result.Operation.Group ?? [])
        {
            _early[member.Sequence] = null;
        }

        _early[result.Operation.Sequence] = result;
    }

    /// <summary>Takes the result whose turn it is.</summary>
    public bool TryTake([MaybeNullWhen(false)] out OperationResult<TInput, TResult> result)
    {
        result = default;
        if (!HasNext || !_early.Remove(_turn++, out OperationResult<TInput, TResult>? next))
        {
            return false;
        }

        result = next.GetValueOrDefault();
        return true;
    }
}
