namespace PortMgmt.Leases;

/// <summary>Which rule chose the registry's directory.</summary>
public enum PortRegistrySource
{
    /// <summary>The caller named it.</summary>
    Option,

    /// <summary>The environment variable <c>PORTMGMT_REGISTRY</c> names it.</summary>
    Environment,

    /// <summary>An administrator made the machine-wide one.</summary>
    MachineWide,

    /// <summary>The user's own, under the home directory that the user database has.</summary>
    User,
}
