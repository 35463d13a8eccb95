using PortMgmt.TestProcess;

switch (args)
{
    case ["listen", .. string[] rest]:
        return ListenVerb.Run(rest);
    default:
        Console.Error.WriteLine("usage: testprocess VERB");
        return 2;
}
