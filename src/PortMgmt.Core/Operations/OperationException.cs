namespace PortMgmt.Operations;

/// <summary>The one exception of the batch half; <see cref="Code"/> says which failure it is, the message what, why and what to do.</summary>
public sealed class OperationException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">Which failure.</param>
    /// <param name="message">What, why, and what to do.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public OperationException(OperationErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Which failure.</summary>
    public OperationErrorCode Code { get; }

    /// <summary>With <see cref="OperationErrorCode.InvalidOption"/>: the option's name; else null.</summary>
    public string? Option { get; init; }
}
