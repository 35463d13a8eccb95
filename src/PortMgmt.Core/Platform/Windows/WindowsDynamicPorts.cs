using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PortMgmt.Ports;

namespace PortMgmt.Platform.Windows;

/// <summary>The range of ports for outgoing connections, which Windows tells through netsh alone.</summary>
internal static class WindowsDynamicPorts
{
    // The range of IANA, which Windows has unless an administrator changed it.
    private static readonly PortRange Default = new(49152, 65535);

    public static PortRange Read()
    {
        try
        {
            var start = new ProcessStartInfo(Path.Combine(Environment.SystemDirectory, "netsh.exe"), "int ipv4 show dynamicport tcp")
            {
                RedirectStandardOutput = true,
                CreateNoWindow = true,
            };
            using Process netsh = Process.Start(start)!;
            return Parse(netsh.StandardOutput.ReadToEnd());
        }
        catch (Win32Exception)
        {
            return Default;
        }
    }

    /// <summary>Reads "Start Port : 49152" and "Number of Ports : 16384", whose words depend on the language of the system.</summary>
    internal static PortRange Parse(string text)
    {
        MatchCollection numbers = Regex.Matches(text, @":\s*(\d{1,5})\s*$", RegexOptions.Multiline);
        if (numbers.Count < 2)
        {
            return Default;
        }

        int first = int.Parse(numbers[0].Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        int count = int.Parse(numbers[1].Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return first >= 1 && count >= 1 && first + count - 1 <= 65535 ? new PortRange(first, first + count - 1) : Default;
    }
}
