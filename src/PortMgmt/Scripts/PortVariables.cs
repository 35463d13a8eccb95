using PortMgmt.PowerShell.Terminal;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// Environment variables of this process that name leased ports, put back as they were on disposal: VAR has the first port,
/// and where there are several, VAR_1 to VAR_n have one each and VARS has all of them between commas, as <c>portmgmt run</c>
/// does it with PORT.
/// </summary>
internal sealed class PortVariables : IDisposable
{
    private readonly Dictionary<string, string?> _before = [];

    public PortVariables(string? name, int[] ports)
    {
        if (name is null)
        {
            return;
        }

        Set(name, PortText.Number(ports[0]));
        if (ports.Length > 1)
        {
            for (int i = 0; i < ports.Length; i++)
            {
                Set(name + "_" + PortText.Number(i + 1), PortText.Number(ports[i]));
            }

            Set(name + "S", string.Join(',', ports));
        }
    }

    public void Dispose()
    {
        foreach ((string name, string? value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        _before.Clear();
    }

    private void Set(string name, string value)
    {
        _before[name] = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, value);
    }
}
