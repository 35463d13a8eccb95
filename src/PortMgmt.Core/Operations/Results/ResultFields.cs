namespace PortMgmt.Operations.Results;

/// <summary>Which fields a result has in JSON, beyond those that every one has.</summary>
[Flags]
internal enum ResultFields
{
    /// <summary>Id, status, exit code, times, attempts and whether it is cached.</summary>
    None = 0,

    /// <summary>The operation's type.</summary>
    Type = 1,

    /// <summary>What a job log knows the operation by.</summary>
    Key = 2,

    /// <summary>What came of it.</summary>
    Output = 4,

    /// <summary>What went wrong.</summary>
    Error = 8,

    /// <summary>The node that ran it.</summary>
    Node = 16,
}
