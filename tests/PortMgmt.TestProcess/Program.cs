using PortMgmt.TestProcess;

// A line leaves in one write: whoever kills this process finds it whole or not at all.
using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 4096) { AutoFlush = true };

switch (args)
{
    case ["listen", .. string[] rest]:
        return ListenVerb.Run(rest);
    case ["lease"]:
        return LeaseVerb.Run(Console.In, output);
    case ["hold"]:
        return HoldVerb.Run(Console.In, output);
    case ["turn", string lockFile, .. string[] rest]:
        return LockQueueVerb.Run(lockFile, shared: rest is ["shared"], Console.In, output);
    case ["exhausted"] when OperatingSystem.IsLinux():
        return ExhaustedVerb.Run(output);
    case ["allocate", .. string[] rest]:
        return AllocateVerb.Run(rest, Console.In, output);
    case ["compiled"]:
        return CompiledVerb.Run(output);
    case ["churn", .. string[] rest]:
        return ChurnVerb.Run(rest, output);
    default:
        Console.Error.WriteLine("usage: testprocess listen|lease|hold|turn|exhausted|allocate|compiled|churn …");
        return 2;
}
