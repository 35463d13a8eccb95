using System.Management.Automation;
using System.Management.Automation.Host;
using PortMgmt.Reports;

namespace PortMgmt.PowerShell.Terminal;

/// <summary>A place on the terminal that is drawn over each time.</summary>
internal sealed class HostLiveRegion(PSHost host, CommandInvocationIntrinsics invoker)
{
    private const string OutString = "$args[0] | Microsoft.PowerShell.Utility\\Out-String -Stream -Width $args[1]";

    private readonly LiveRegion _place = new();

    /// <summary>What the terminal shows; null when there is none to draw on.</summary>
    public PanelStyle? Style
    {
        get
        {
            if (!host.UI.SupportsVirtualTerminal || Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb")
            {
                return null;
            }

            bool isUnicode = Console.OutputEncoding.CodePage == System.Text.Encoding.UTF8.CodePage;
            return new PanelStyle(host.UI.RawUI.WindowSize.Width - 1, ViewStyle.WantsColour, isUnicode);
        }
    }

    /// <summary>An object as PowerShell shows it.</summary>
    public IEnumerable<string> Format(PSObject report) =>
        invoker.InvokeScript(useLocalScope: true, ScriptBlock.Create(OutString), null, report, host.UI.RawUI.WindowSize.Width - 1).Select(line => line.ToString());

    /// <summary>Draws lines over what was drawn before, as many as the window has room for.</summary>
    public void Show(IReadOnlyList<string> lines) => host.UI.Write(_place.Draw([.. lines.Take(Math.Max(1, host.UI.RawUI.WindowSize.Height - 1))]));
}
