using System.Management.Automation;
using System.Management.Automation.Host;

namespace PortMgmt.PowerShell.Infrastructure;

/// <summary>A place on the terminal that is drawn over each time.</summary>
internal sealed class RefreshedPlace(PSHost host, CommandInvocationIntrinsics invoker)
{
    private const string Format = "$args[0] | Microsoft.PowerShell.Utility\\Out-String -Stream";

    private int _lines;

    /// <summary>Draws objects as PowerShell shows them, over what was drawn before.</summary>
    /// <returns>False when there is no terminal.</returns>
    public bool TryShow(PSObject[] objects)
    {
        if (!host.UI.SupportsVirtualTerminal || Console.IsOutputRedirected)
        {
            return false;
        }
        string[] lines = [.. invoker.InvokeScript(useLocalScope: true, ScriptBlock.Create(Format), null, [objects]).Select(line => line.ToString())];
        string home = _lines == 0 ? "" : "\u001b[" + _lines + "A\u001b[J";
        host.UI.Write(home + string.Join('\n', lines) + '\n');
        _lines = lines.Length;
        return true;
    }
}
