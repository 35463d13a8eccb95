namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>
/// Where help is that is not on any site: the engine shows an address that it cannot open, and this one says in one line what
/// <c>Get-Help -Online</c> would else leave open. <c>HelpInfoURI</c> of the manifest does the same for <c>Update-Help</c>.
/// </summary>
internal static class HelpAddress
{
    /// <summary>The address; the engine would cut it at a space, and shows these as such.</summary>
    public const string InModule = "offline:all%20help%20of%20PortMgmt%20is%20in%20the%20module%20itself,%20without%20-Online";
}
