using System.Globalization;
using PortMgmt.Leases;

namespace PortMgmt.TestProcess;

/// <summary>
/// <c>allocate COUNT NAME SCRATCH</c>: gets itself warm on a registry of its own in the directory SCRATCH, says <c>ready</c>,
/// waits for a line, leases COUNT ports one by one, prints them in one line and keeps them until its input ends.
/// </summary>
internal static class AllocateVerb
{
    public static int Run(string[] args, TextReader input, TextWriter output)
    {
        int count = int.Parse(args[0], CultureInfo.InvariantCulture);
        TestRegistry.Open(directory: args[2]).Acquire(args[1]).Dispose();
        PortRegistry registry = TestRegistry.Open();
        output.WriteLine("ready");
        input.ReadLine();
        int[] ports = new int[count];
        for (int i = 0; i < count; i++)
        {
            ports[i] = registry.Acquire(args[1]).Port;
        }

        output.WriteLine(string.Join(' ', ports));
        input.ReadToEnd();
        return 0;
    }
}
