namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>
/// Where help is that is not on any site: the engine shows an address that it cannot open, and this one says in one line what
/// <c>Get-Help -Online</c> would else leave open. <c>HelpInfoURI</c> of the manifest does the same for <c>Update-Help</c>.
/// </summary>
internal static class HelpAddress
{
    /// <summary>The address.</summary>
    public const string InModule = "offline:all help of PortMgmt is in the module itself: leave out -Online, or write Get-Help -Full";
}
