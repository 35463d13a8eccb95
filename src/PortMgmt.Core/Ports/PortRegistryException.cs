namespace PortMgmt.Ports;

/// <summary>The one exception of the lease half; <see cref="Code"/> says which failure it is, the message what, why and what to do.</summary>
public sealed class PortRegistryException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">Which failure.</param>
    /// <param name="message">What, why, and what to do.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public PortRegistryException(PortRegistryErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Which failure.</summary>
    public PortRegistryErrorCode Code { get; }

    /// <summary>The port that the failure is about; null for none.</summary>
    public int? Port { get; init; }

    /// <summary>With <see cref="PortRegistryErrorCode.PortUnavailable"/>: why.</summary>
    public PortRefusal Refusal { get; init; }
}
