Console.Error.WriteLine("usage: portmgmt VERB");
return 2;
