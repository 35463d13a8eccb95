using Xunit;

namespace PortMgmt.Hosted.Tests;

public sealed class EngineNotHosted
{
    private const string Reason =
        "The engine is not hosted: dotnet test -p:HostedEngine=sdk takes it from its package, -p:PowerShellHome=DIR from an installed pwsh";

    [Fact(DisplayName = Reason, Skip = Reason)]
    public void HostedEngine_NotOptedIn_IsSkipped()
    {
    }
}
