namespace PortMgmt.PowerShell.Affinity;

/// <summary>Whether the engine's members that are not public are left alone, as in an engine that does not have them: a test can ask for it.</summary>
internal static class PublicEngineCalls
{
    public static bool AreAskedFor => AppContext.TryGetSwitch("PortMgmt.PublicEngineCallsOnly", out bool isPublicOnly) && isPublicOnly;
}
