namespace PortMgmt.Advice;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Something could be better.</summary>
    Information,

    /// <summary>Something costs time, memory or results.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Error,
}
